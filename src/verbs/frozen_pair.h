// A graph with variables beside one that was frozen: what they have in common, and what freezing left out.
#pragma once

#include <string>
#include <unordered_map>

#include "verbs/weight_pairs.h"

namespace thaw::internal {

// One of the two sides of a diff, with its weights.
struct GraphSide {
  const Graph* graph;
  const WeightList* weights;
};

// Of each variable or constant of A what it is called in B, where that is another name.
std::unordered_map<std::string, std::string> same_nodes(const GraphSide& a, const GraphSide& b,
                                                        const WeightPairs& pairs);

class FrozenPair {
 public:
  // `rename` may be null, and is about the names of A.
  FrozenPair(const GraphSide& a, const GraphSide& b, bool frozen_is_a,
             const std::unordered_map<std::string, std::string>& same, NameRules* rename);

  // Freezing writes the functions of TensorFlow 2 out: then nearly no node has the name that it had. Says so,
  // or nothing.
  std::string strangeness() const;
  // Marks what differs because freezing drops it as expected: variables that no output needs, versions.
  void expect(DiffReport& report) const;

 private:
  void expect_weights(DiffReport& report) const;

  GraphSide frozen_, thawed_;
  bool frozen_is_a_;
  std::vector<NodeId> kept_;  // of the graph with variables: those that the frozen one has, too
};

}  // namespace thaw::internal
