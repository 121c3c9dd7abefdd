// CallView: a graph in which calls are looked into, for finding weights by where their values go. The nodes
// of the input come first under their own numbers; behind them stands each function once, however often it is
// called, its nodes named "CALL/NODE" after the first call: arguments pass on what all calls give, and what
// takes a call's output takes the function's. Never written: it means the same to the eye, not to TensorFlow.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "model/call_site.h"
#include "model/library.h"

namespace thaw::internal {

// A node of a function.
struct FunctionPlace {
  std::size_t function = kNoFunction;
  std::size_t node = 0;
};

struct CallView {
  std::shared_ptr<const Graph> graph;
  std::size_t root_count = 0;         // nodes of the input
  std::vector<FunctionPlace> places;  // by number - root_count; no function: made for the view
  // What stands for the outputs of the input's own calls, in their order.
  std::map<NodeId, std::vector<NodeId>> results = {};

  // Nothing for nodes outside of functions.
  const FunctionPlace* find_place(NodeId id) const {
    if (id < root_count || places[id - root_count].function == kNoFunction) return nullptr;
    return &places[id - root_count];
  }
};

// The input itself when nothing in it calls a function that is there. Throws malformed, naming the node.
CallView look_into_calls(const std::shared_ptr<const Graph>& graph, const Library& library);

}  // namespace thaw::internal
