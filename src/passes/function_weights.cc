#include "passes/function_weights.h"

#include <algorithm>

#include "model/model.h"
#include "passes/function_variants.h"

namespace thaw::internal {

namespace {

void make_unsure(Decision& decision, const char* rule) {
  decision.verdict = Verdict::unsure;
  decision.role = Role::none;
  decision.reasons.push_back({rule, "", -1});
}

void keep_constants(const CallView& view, std::vector<Decision>& decisions) {
  for (Decision& decision : decisions) {
    if (decision.verdict == Verdict::variable && view.find_place(decision.node) != nullptr)
      make_unsure(decision, "N16");
  }
}

// Weights of functions, in the order of the library; what cannot be one any more is said so.
std::vector<FunctionWeight> list_weights(const FunctionCalls& calls, const CallView& view,
                                         std::vector<Decision>& decisions) {
  std::vector<FunctionWeight> weights;
  for (Decision& decision : decisions) {
    const FunctionPlace* place = view.find_place(decision.node);
    if (place == nullptr || decision.verdict != Verdict::variable) continue;
    if (!calls.can_grow(place->function) || decision.ref) {
      make_unsure(decision, "N15");
      continue;
    }
    decision.split = false;  // inside a function no shape needs to be known before it runs
    const TensorHead head = view.graph->tensor_head(decision.node, "value").value();
    weights.push_back({place->function,
                       place->node,
                       std::string(view.graph->name(decision.node)),
                       {head.dtype, head.shape}});
  }
  std::ranges::sort(weights, {},
                    [](const FunctionWeight& weight) { return std::pair(weight.function, weight.node); });
  return weights;
}

class HandingDown {
 public:
  HandingDown(const std::shared_ptr<const Graph>& graph, const Library& library, const FunctionCalls& calls,
              const std::vector<FunctionWeight>& weights)
      : graph_(graph),
        draft_(graph),
        library_(library),
        calls_(calls),
        weights_(weights),
        variants_(library, calls, weights) {}

  bool is_too_much() const { return variants_.are_too_many(); }

  HandedDown run() {
    for (const FunctionWeight& weight : weights_) add_constant(weight);
    for (const auto& [node, site] : calls_.of_graph()) extend(static_cast<NodeId>(node), site);
    draft_.set_rest(variants_.rest(named_by_graph()));
    HandedDown done;
    done.graph = read_graph(draft_.emit().as_source(graph_->source()->name()));
    for (const ChangeView& change : draft_.changes())
      done.changes.push_back({std::string(change.rule), std::string(change.node), std::string(change.what)});
    const std::vector<Change>& inside = variants_.changes();
    done.changes.insert(done.changes.end(), inside.begin(), inside.end());
    return done;
  }

 private:
  void add_constant(const FunctionWeight& weight) {
    const FunctionDef& function = library_.functions()[weight.function];
    NodeDef node = function.nodes[weight.node].node;
    const std::string what = "constant " + node.name + " of function " + function.name;
    node.name = weight.name;
    node.inputs.clear();
    node.drop_attr("_class");
    draft_.add(std::move(node), kNoNode, {"F1", weight.name, what});
  }

  void extend(NodeId id, const CallSite& site) {
    const WeightList list = variants_.needs(site);
    if (list.empty()) return;
    std::vector<std::string> inputs;
    for (const std::size_t weight : list) inputs.push_back(weights_[weight].name);
    NodeDef node = draft_.node_def(id);
    extend_call(node, site, inputs, variants_.arguments(list), variants_.names(site, list));
    const std::string name = node.name;
    draft_.replace(id, std::move(node), {"F2", name, "passes " + std::to_string(list.size()) + " more"});
  }

  std::vector<std::size_t> named_by_graph() const {
    std::vector<std::size_t> named;
    for (NodeId id = 0; id < graph_->node_count(); ++id) {
      const NodeDef node = decode_node(graph_->skeleton(id));
      const bool is_extended = calls_.of_graph().contains(id) && draft_.is_touched(id);
      if (is_extended) continue;
      for (const std::size_t function : named_functions(node, library_)) named.push_back(function);
    }
    return named;
  }

  std::shared_ptr<const Graph> graph_;
  Draft draft_;
  const Library& library_;
  const FunctionCalls& calls_;
  const std::vector<FunctionWeight>& weights_;
  FunctionVariants variants_;
};

}  // namespace

HandedDown hand_down_weights(const std::shared_ptr<const Graph>& graph, const Library& library,
                             const CallView& view, std::vector<Decision>& decisions) {
  const bool any = std::ranges::any_of(decisions, [&](const Decision& decision) {
    return decision.verdict == Verdict::variable && view.find_place(decision.node) != nullptr;
  });
  if (!any) return {graph, {}, {}};
  const FunctionCalls calls(*graph, library);
  const std::vector<FunctionWeight> weights = list_weights(calls, view, decisions);
  if (weights.empty()) return {graph, {}, {}};
  HandingDown handing(graph, library, calls, weights);
  if (handing.is_too_much()) {
    keep_constants(view, decisions);
    return {graph, {}, {}};
  }
  HandedDown done = handing.run();
  for (const FunctionWeight& weight : weights)
    done.places.emplace(view.graph->find(weight.name), done.graph->find(weight.name));
  return done;
}

}  // namespace thaw::internal
