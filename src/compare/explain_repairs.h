// What the repairs of loops and branches (X0 to X7) and the moving of weights out of them (H1, H2) may make
// different, and how it shows in the written graph that nothing else changed.
#pragma once

#include <set>
#include <vector>

#include "compare/written_graph.h"
#include "draft/draft.h"

namespace thaw::internal {

class RepairExplainer {
 public:
  // `image` tells which node of the written graph a node of the base graph has become.
  RepairExplainer(const Draft& draft, const WrittenGraph& written, const std::vector<NodeId>& image);

  // Who gives a value of the written graph, behind nodes that repairs put in to pass it on.
  Edge source(Edge edge) const;
  // X1: a second Exit reads the first one.
  bool is_second_exit(NodeId id, NodeId now) const;
  // X1, X4 and X7, and H1's control inputs: the inputs of the node differ, as they may.
  bool explains_inputs(NodeId id, NodeId now, bool is_variable) const;
  // X3: `after` is one branch's own copy of the guard that `before` is.
  bool is_split(const Edge& before, const Edge& after) const;
  // X7: how many inputs a Merge has says N.
  bool joins_in_pairs(NodeId id) const { return has_change("X7", id); }
  // H2: a copy of a constant that became a variable; the constant, or kNoNode.
  NodeId tied_to(NodeId id, NodeId now) const;

 private:
  bool has_change(const char* rule, NodeId id) const;
  bool passes_on(NodeId now) const;
  bool is_turned_merge(NodeId id, NodeId now) const;
  bool is_paired_merge(NodeId id, NodeId now) const;
  bool index_is_read(NodeId merge) const;
  // What gives a value, or the guard that it was a part of, which one of the edges before named.
  Edge unsplit(std::span<const Edge> before, const Edge& after) const;
  Edge image_of(const Edge& edge) const { return {image_[edge.node], edge.port}; }

  const Draft& draft_;
  const Graph& was_;
  const WrittenGraph& is_;
  const std::vector<NodeId>& image_;
  std::vector<NodeId> passing_;                 // of the written graph, sorted
  std::vector<NodeId> split_, paired_;          // the same
  std::set<std::pair<Bytes, NodeId>> changed_;  // rule and node of the base graph
};

}  // namespace thaw::internal
