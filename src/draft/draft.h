// Draft: a graph being edited. It answers the same questions as a Graph after every edit, knows which nodes
// nobody touched (they are emitted as their original bytes) and lists every change with the rule that made
// it.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "messages/free_names.h"
#include "model/graph.h"

namespace thaw::internal {

// One edit, as it is handed in.
struct Change {
  std::string rule;  // stable id, see docs/rules.md
  std::string node;
  std::string what;
};

// One edit, as reports and the proof see it; lives as long as the draft.
struct ChangeView {
  Bytes rule, node, what;
};

// Ids of the base graph's nodes are the same here; new nodes get ids behind them. Copying forks the draft:
// base and nodes are shared. One thread.
class Draft {
 public:
  explicit Draft(std::shared_ptr<const Graph> base);

  const Graph& base() const { return *base_; }
  std::size_t id_limit() const { return base_->node_count() + added_.size(); }
  bool is_added(NodeId id) const { return id >= base_->node_count(); }
  bool is_removed(NodeId id) const { return removed_[id]; }
  bool is_touched(NodeId id) const { return state_[id] != kUntouched || removed_[id]; }

  std::string name(NodeId id) const { return std::string(name_view(id)); }
  // These two stay valid as long as the draft.
  Bytes name_view(NodeId id) const;
  Bytes op(NodeId id) const;
  NodeId find(Bytes name) const;
  // Data inputs first, control edges after them.
  std::vector<Edge> inputs(NodeId id) const;
  std::vector<Edge> consumers(NodeId id) const;
  // The same without copying, until the next edit.
  std::span<const Edge> inputs_now(NodeId id) const;
  std::span<const Edge> consumers_now(NodeId id) const;
  // Those of one output; of the control edges when its port is kControl.
  std::vector<Edge> consumers_of(Edge producer) const;
  // A copy to be changed and handed to `replace`.
  NodeDef node_def(NodeId id) const;
  std::optional<std::string> attr(NodeId id, Bytes key) const;
  std::optional<DType> type_attr(NodeId id, Bytes key) const;

  // Every edit says by which rule and what. Inputs are names; they are resolved at once and must exist by
  // then.
  void replace(NodeId id, NodeDef node, Change change);
  // The new node is emitted behind `after` (kNoNode: at the end).
  NodeId add(NodeDef node, NodeId after, Change change);
  void remove(NodeId id, Change change);
  // Makes data input `slot` of `id` come from another output.
  void redirect(NodeId id, std::uint32_t slot, Edge producer, Change change);
  // The same for any number of consumers of one output, control edges among them; linear in those of `old`.
  void redirect_all(const std::vector<Edge>& consumers, NodeId old, Edge producer, const std::string& rule);
  // New names for any number of nodes at once. Inputs, control edges and `loc:@` of all other nodes follow.
  // Throws usage when two nodes would have one name.
  void rename(const std::unordered_map<NodeId, std::string>& names, const std::string& rule);

  // What stands behind the nodes: library, versions. Whole fields.
  void set_rest(Recipe rest) { rest_ = std::move(rest); }

  // `wanted`, or wanted_1, wanted_2 ... when it is taken.
  std::string unique_name(const std::string& wanted) const;

  const std::deque<ChangeView>& changes() const { return changes_; }

  // The whole GraphDef. Throws bug while an edge dangles or a control input precedes data.
  Recipe emit() const;
  // Ids in the order of emission.
  std::vector<NodeId> order() const;

 private:
  static constexpr std::uint32_t kUntouched = 0xFFFFFFFF;

  // A node of its own: encoded, in the arena, and never changed there. Tens of thousands are common.
  struct Edited {
    const char* bytes;  // a NodeDef, name and op first; without the attributes where `large_` has it
    const Edge* inputs;
    std::uint32_t size, input_count;
    std::uint16_t name_size, op_size;
    std::uint8_t name_at, op_behind_name;
    std::uint8_t header_size;  // tag and length, as a field of a GraphDef, stand before the bytes
    Bytes node() const { return {bytes, size}; }
    Bytes field() const { return {bytes - header_size, size + header_size}; }
    Bytes name() const { return {bytes + name_at, name_size}; }
    Bytes op() const { return {bytes + name_at + name_size + op_behind_name, op_size}; }
    std::span<const Edge> edges() const { return {inputs, input_count}; }
  };

  const Edited& edited(NodeId id) const { return edited_[state_[id]]; }
  const NodeDef* find_large(NodeId id) const;
  void store(NodeId id, NodeDef node, std::span<const Edge> inputs);
  std::span<const Edge> keep_edges(std::span<const Edge> edges);
  void link(NodeId id);
  void unlink(NodeId id);
  std::vector<Edge>& own_consumers(NodeId producer);
  std::vector<Edge> resolve(const NodeDef& node) const;
  void take_names(const std::unordered_map<NodeId, std::string>& names);
  std::vector<NodeId> affected_by(const std::unordered_map<NodeId, std::string>& names) const;
  void respell(NodeId id, const std::unordered_map<NodeId, std::string>& names,
               const std::unordered_map<Bytes, Bytes>& moved);
  void set_name(Bytes name, NodeId id);
  std::uint32_t find_name(Bytes name, std::uint64_t hash) const;
  void note(const Change& change, Bytes name);
  Bytes intern(Bytes word);
  void check_edges() const;

  std::shared_ptr<const Graph> base_;
  std::shared_ptr<Arena> arena_;      // shared by forks, which only add to it
  std::vector<std::uint32_t> state_;  // by id: an index into edited_, or the mark
  std::vector<bool> removed_;
  std::deque<Edited> edited_;
  std::unordered_map<NodeId, std::shared_ptr<const NodeDef>>
      large_;                  // nodes that are more than bytes in memory
  std::vector<NodeId> added_;  // the place of each new node: behind which id
  // Of producers whose consumers changed: an index into `consumers_`, or the mark.
  std::vector<std::uint32_t> changed_;
  std::deque<std::vector<Edge>> consumers_;
  // New and renamed nodes; kNoNode hides a base name.
  struct Name {
    Bytes text;
    NodeId id;
  };
  std::vector<Name> names_;
  NameTable by_name_;  // indices into `names_`
  mutable FreeNames free_names_;
  std::unordered_set<Bytes> words_;
  std::deque<ChangeView> changes_;
  std::optional<Recipe> rest_;  // when it is not that of the base
};

}  // namespace thaw::internal
