// Two graphs, node by node: what differs in meaning.
//
// The same are: nodes, attributes and control inputs in another order; "a:0" and "a"; tensors of one dtype,
// shape and bits, however they are encoded; an attribute that is absent and the operation's default; messages
// with their fields in another order, packed or not; functions of equal contents under another name, and
// whoever calls them. `_class` is a set. Not compared are notes about what was or is known anyway:
// `_output_shapes`, experimental_debug_info, GraphDef.debug_info.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "model/graph.h"
#include "names/name_rules.h"
#include "thaw/graph_difference.h"

namespace thaw::internal {

struct CompareWishes {
  NameRules* rename = nullptr;      // names of A's nodes before they are compared; also in inputs and places
  std::optional<double> tolerance;  // of tensors; else bits count
  // Names of A's constants whose type and value the caller compares.
  const std::unordered_set<std::string>* known_values = nullptr;
  bool frozen = false;  // one of the graphs has variables, the other constants: see GraphDifference::frozen
  // Variables and constants that are one, where their names differ: B's by A's.
  const std::unordered_map<std::string, std::string>* same_nodes = nullptr;
  std::function<bool(Bytes)> wanted;  // names that are reported; empty: all
  std::function<bool()> stop;         // asked now and then; true ends in Error interrupted
};

// Throws malformed, naming the node or function; usage when two names of A become one.
GraphDifference compare_graphs(const Graph& a, const Graph& b, const CompareWishes& wishes = {});

}  // namespace thaw::internal
