// Draft: a graph being edited. It answers the same questions as a Graph after every edit, knows which nodes
// nobody touched (they are emitted as their original bytes) and lists every change with the rule that made
// it.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/graph.h"

namespace thaw::internal {

// One edit, as reports and the proof see it.
struct Change {
  std::string rule;  // stable id, see docs/rules.md
  std::string node;
  std::string what;
};

// Ids of the base graph's nodes are the same here; new nodes get ids behind them. Copying forks the draft:
// base and unedited nodes are shared. One thread.
class Draft {
 public:
  explicit Draft(std::shared_ptr<const Graph> base);

  const Graph& base() const { return *base_; }
  std::size_t id_limit() const { return base_->node_count() + added_.size(); }
  bool is_added(NodeId id) const { return id >= base_->node_count(); }
  bool is_removed(NodeId id) const { return state_[id] == kRemoved; }
  bool is_touched(NodeId id) const { return is_added(id) || state_[id] != kUntouched; }

  std::string name(NodeId id) const;
  std::string op(NodeId id) const;
  NodeId find(Bytes name) const;
  // Data inputs first, control edges after them.
  std::vector<Edge> inputs(NodeId id) const;
  std::vector<Edge> consumers(NodeId id) const;
  // A copy to be changed and handed to `replace`.
  NodeDef node_def(NodeId id) const;
  std::optional<std::string> attr(NodeId id, Bytes key) const;

  // Every edit says by which rule and what. Inputs are names; they are resolved at once and must exist by
  // then.
  void replace(NodeId id, NodeDef node, Change change);
  // The new node is emitted behind `after` (kNoNode: at the end).
  NodeId add(NodeDef node, NodeId after, Change change);
  void remove(NodeId id, Change change);
  // Makes data input `slot` of `id` come from another output.
  void redirect(NodeId id, std::uint32_t slot, Edge producer, Change change);
  // New names for any number of nodes at once. Inputs, control edges and `loc:@` of all other nodes follow.
  // Throws usage when two nodes would have one name.
  void rename(const std::unordered_map<NodeId, std::string>& names, const std::string& rule);

  // `wanted`, or wanted_1, wanted_2 ... when it is taken.
  std::string unique_name(const std::string& wanted) const;

  const std::vector<Change>& changes() const { return changes_; }

  // The whole GraphDef. Throws bug while an edge dangles or a control input precedes data.
  Recipe emit() const;
  // Ids in the order of emission.
  std::vector<NodeId> order() const;

 private:
  static constexpr std::uint32_t kUntouched = 0xFFFFFFFF;
  static constexpr std::uint32_t kRemoved = 0xFFFFFFFE;

  struct Edited {
    NodeDef node;
    std::vector<Edge> inputs;
  };

  const Edited& edited(NodeId id) const;
  Edited& edit(NodeId id);
  void link(NodeId id, Edited node);
  void unlink(NodeId id);
  std::vector<Edge>& own_consumers(NodeId producer);
  std::vector<Edge> resolve(const NodeDef& node) const;
  void spell_inputs(NodeId id);
  void check_edges() const;
  void rename_places(const std::unordered_map<std::string, std::string>& renamed);

  std::shared_ptr<const Graph> base_;
  std::vector<std::uint32_t> state_;  // by id: an index into edited_, or one of the marks
  std::vector<Edited> edited_;
  std::vector<NodeId> added_;                                // the place of each new node: behind which id
  std::unordered_map<NodeId, std::vector<Edge>> consumers_;  // of producers whose consumers changed
  std::unordered_map<std::string, NodeId> names_;  // new and renamed ones; kNoNode hides a base name
  std::vector<Change> changes_;
};

}  // namespace thaw::internal
