#include "verbs/training_readiness.h"

#include <algorithm>
#include <map>

#include "draft/blocked_gradients.h"

namespace thaw::internal {

namespace {

NodeId find_output(const CallView& view, const std::string& tensor) {
  const InputName name = parse_input(tensor);
  const NodeId id = view.graph->find(name.node);
  const auto call = view.results.find(id);
  if (call == view.results.end()) return id;
  return name.output < call->second.size() ? call->second[name.output] : kNoNode;
}

std::vector<NodeId> output_nodes(const CallView& view, const std::vector<InspectedTensor>& outputs) {
  std::vector<NodeId> real, all;
  for (const InspectedTensor& output : outputs) {
    const NodeId id = find_output(view, output.name);
    if (id == kNoNode) continue;
    all.push_back(id);
    if (is_trainable_float(output.dtype)) real.push_back(id);
  }
  return real.empty() ? all : real;
}

std::vector<InspectedBlock> by_operation(const CallView& view, const Library& library,
                                         const std::vector<NodeId>& nodes) {
  std::map<std::string, InspectedBlock> blocks;
  for (const NodeId id : nodes) {
    InspectedBlock& block = blocks[std::string(view.graph->op(id))];
    if (block.nodes++ > 0) continue;
    block.op = view.graph->op(id);
    block.node = view.graph->name(id);
    const FunctionPlace* place = view.find_place(id);
    if (place == nullptr) continue;
    const FunctionDef& function = library.functions()[place->function];
    block.node = function.nodes[place->node].node.name;
    block.function = function.name;
  }
  std::vector<InspectedBlock> list;
  for (auto& [op, block] : blocks) list.push_back(std::move(block));
  return list;
}

}  // namespace

InspectedTraining find_readiness(const CallView& view, const Library& library,
                                 const std::vector<NodeId>& trained,
                                 const std::vector<InspectedTensor>& outputs) {
  InspectedTraining training;
  training.trainable = trained.size();
  if (trained.empty()) return training;
  const Draft draft(view.graph);
  GradientWays ways = find_gradient_ways(draft, trained, output_nodes(view, outputs));
  std::erase_if(ways.unknown, [&](NodeId id) { return library.find(view.graph->op(id)) != kNoFunction; });
  training.reached =
      static_cast<std::size_t>(std::ranges::count_if(trained, [&](NodeId id) { return ways.reached[id]; }));
  training.blocked = by_operation(view, library, ways.blocked);
  training.unknown = by_operation(view, library, ways.unknown);
  return training;
}

}  // namespace thaw::internal
