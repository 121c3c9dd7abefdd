#include "verbs/float_model.h"

#include <algorithm>
#include <set>

#include "compare/prove_floats.h"
#include "draft/draft.h"
#include "model/call_view.h"
#include "model/library.h"
#include "names/pattern.h"
#include "passes/expand_cells.h"
#include "passes/float_ops.h"
#include "passes/float_weights.h"
#include "thaw/error.h"
#include "weights/find_weights.h"

namespace thaw::internal {

namespace {

// Names of constants that are, or may be, weights.
std::set<std::string> names_of_weights(const std::shared_ptr<const Graph>& graph, const StoredForm& stored,
                                       const FloatModelWishes& wishes) {
  PatternSet thawed("--thaw", wishes.thaw), kept("--keep", wishes.keep);
  WeightRules rules;
  rules.stored = &stored;
  if (!thawed.empty()) rules.thaw = &thawed;
  if (!kept.empty()) rules.keep = &kept;
  const CallView view = look_into_calls(graph, Library(*graph));
  std::set<std::string> names;
  for (const Decision& decision : find_weights(*view.graph, rules)) {
    if (decision.verdict != Verdict::kept) names.emplace(view.graph->name(decision.node));
  }
  return names;
}

class FloatModelMaker {
 public:
  FloatModelMaker(Model model, const FloatModelWishes& wishes) : model_(std::move(model)), wishes_(wishes) {}

  Model run() {
    std::vector<CompactWeight> weights = find_compact_weights(*model_.graph);
    if (wishes_.float_ops) parts_ = find_quantized_parts(*model_.graph);
    if (weights.empty() && parts_.nodes.empty() && parts_.left.empty()) return std::move(model_);
    if (!weights.empty()) drop_others(weights);
    if (!weights.empty() || !parts_.nodes.empty()) done_ = write(weights);
    tell(weights);
    form_.graph = model_.graph;
    if (done_.graph) model_.graph = done_.graph;
    model_.stored = std::make_shared<const StoredForm>(std::move(form_));
    return std::move(model_);
  }

 private:
  ExpandedCells write(const std::vector<CompactWeight>& weights) {
    Draft draft(model_.graph);
    names_ = make_float_ops(draft, parts_);
    make_float_weights(draft, weights);
    return reread(model_.graph, draft);
  }

  void drop_others(std::vector<CompactWeight>& weights) {
    const ExpandedCells all = write(weights);
    tell_weights(weights);
    const std::set<std::string> names = names_of_weights(all.graph, form_, wishes_);
    std::erase_if(weights, [&](const CompactWeight& weight) {
      std::string name(model_.graph->name(weight.node));
      if (names.contains(name)) return false;
      form_.left.push_back(std::move(name));
      return true;
    });
  }

  void tell_weights(const std::vector<CompactWeight>& weights) {
    const Graph& graph = *model_.graph;
    form_.weights.clear();
    for (const CompactWeight& weight : weights) {
      form_.weights.push_back({std::string(graph.name(weight.node)), weight.stored,
                               weight.casts.empty() ? "Q1" : "Q2", std::string(graph.name(weight.constant))});
    }
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const QuantizedConstant& constant = parts_.constants[i];
      if (!names_[i].empty())
        form_.weights.push_back(
            {names_[i], constant.weight.stored, "Q3", std::string(graph.name(constant.node))});
    }
    std::ranges::sort(form_.weights, {}, &StoredWeight::node);
  }

  void tell(const std::vector<CompactWeight>& weights) {
    const Graph& graph = *model_.graph;
    tell_weights(weights);
    form_.has_float_ops = !parts_.nodes.empty();
    for (const Change& change : done_.changes) {
      form_.changes.push_back({change.rule, change.node, change.what});
    }
    for (const QuantizedNode& node : parts_.nodes) {
      const QuantizedKind kind = find_quantized_op(graph.op(node.node))->kind;
      form_.float_ops += kind == QuantizedKind::computes ? 1 : 0;
      form_.roundings += kind == QuantizedKind::quantizes || kind == QuantizedKind::requantizes ? 1 : 0;
    }
    for (const QuantizedPartLeft& left : parts_.left) {
      form_.parts_left.push_back(
          std::to_string(left.nodes) +
          (left.nodes == 1 ? " operation on few bits stays" : " operations on few bits stay") + ": node " +
          thaw::quoted(graph.name(left.node)) + " (" + std::string(graph.op(left.node)) + ") " + left.why);
    }
  }

  Model model_;
  const FloatModelWishes& wishes_;
  QuantizedParts parts_;
  std::vector<std::string> names_;  // of the parts' constants
  ExpandedCells done_;
  StoredForm form_;
};

}  // namespace

// Variables have the types that their authors gave them.
Model float_model(Model model, const FloatModelWishes& wishes) {
  if (model.carried) return model;
  return FloatModelMaker(std::move(model), wishes).run();
}

void prove_float_model(const Model& model) {
  if (!model.stored || model.stored->graph == model.graph) return;
  const Graph& was = *model.stored->graph;
  std::vector<CompactWeight> weights = find_compact_weights(was);
  std::erase_if(weights, [&](const CompactWeight& weight) {
    return model.stored->find(std::string(was.name(weight.node))) == nullptr;
  });
  prove_floats(was, *model.graph, weights,
               model.stored->has_float_ops ? find_quantized_parts(was) : QuantizedParts{});
}

}  // namespace thaw::internal
