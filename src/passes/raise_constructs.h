// The loops and conds of a graph, each as the node that it will be.
#pragma once

#include <array>

#include "draft/loop_variables.h"
#include "messages/free_names.h"
#include "passes/raise_problems.h"

namespace thaw::internal {

// A While; or an If, for Merges of one predicate whose branches share something.
struct Construct {
  bool is_loop = false;
  ContextId around = kRootContext;  // where it stands
  // What its two functions are made from: of a loop twice the same (condition, body); of a cond the branches,
  // false and true.
  std::array<ContextId, 2> inside{kRootContext, kRootContext};
  std::string name;
  NodeId place = kNoNode;                  // it is written behind this one
  Edge predicate;                          // of a cond
  std::vector<DType> types;                // of a loop's variables, of a cond's results
  std::vector<Edge> starts;                // of a loop's variables
  std::array<std::vector<Edge>, 2> gives;  // by its functions; kNoNode and a number stand for that number
  std::vector<NodeId> effects;             // of a loop, that each round ends with
  std::vector<Edge> merges;                // the variables, the results
  std::int32_t most_rounds = -1;           // of a loop, when that is known
  NodeId enter = kNoNode;                  // one of a loop's

  // What its functions take from around it, in this order behind a loop's variables.
  std::vector<Edge> captures;
  std::unordered_map<std::uint64_t, std::uint32_t> capture_numbers;
  std::vector<NodeId> waits;  // what it waits for
  std::unordered_set<NodeId> is_waited_for;

  std::array<std::string, 2> functions;
  bool is_stateful = false;

  void capture(const Edge& origin);
  void wait_for(NodeId node);
};

using ConstructId = std::uint32_t;
inline constexpr ConstructId kNoConstruct = 0xFFFFFFFF;

// Those that nothing stands in the way of, what lies in others first.
class Constructs {
 public:
  // Conds of these contexts become one If for each of their Merges, whatever is computed twice.
  Constructs(RaiseTensors& tensors, const std::vector<LoopParts>& loops, const RaiseProblems& problems,
             const std::unordered_set<ContextId>& apart);

  std::vector<Construct>& all() { return all_; }
  const Construct& at(ConstructId id) const { return all_[id]; }
  // What an Exit or the Merge of a cond becomes a result of.
  ConstructId of(NodeId node) const;
  // Which of its results, or which variable of a loop; a loop's counter and its bound are the first two.
  std::uint32_t result(const Edge& origin) const { return results_.at(key_of(origin)); }

 private:
  void add_loop(std::uint32_t frame, const LoopParts& loop);
  void note_effects(NodeId next, Construct& loop);
  void add_conds(std::uint32_t depth);
  void unite(std::uint32_t depth);
  void unite(NodeId a, NodeId b) { parents_[find(a)] = find(b); }
  NodeId find(NodeId id);
  bool joins(NodeId node, ContextId branch) const;
  void add_merge(NodeId merge, Construct& cond);
  std::string name_for(NodeId place, const char* wanted);

  RaiseTensors& tensors_;
  const Contexts& contexts_;
  const Draft& draft_;
  const std::unordered_set<ContextId>& apart_;
  std::vector<NodeId> merges_;   // of conds
  std::vector<NodeId> parents_;  // of a forest: nodes of branches of one depth that share something
  std::vector<Construct> all_;
  std::unordered_map<NodeId, ConstructId> of_;
  std::unordered_map<std::uint64_t, std::uint32_t> results_;
  std::unordered_set<std::string> names_;
  FreeNames free_names_;
};

}  // namespace thaw::internal
