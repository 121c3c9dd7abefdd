#include "passes/unfold_norms.h"

#include <optional>
#include <unordered_map>

#include "draft/contexts.h"
#include "draft/norm_unfolding.h"
#include "messages/attr_value.h"
#include "messages/free_names.h"
#include "model/model.h"
#include "names/scopes.h"
#include "weights/fingerprints.h"
#include "weights/uses.h"

namespace thaw::internal {

namespace {

bool is_sum(Bytes op) { return op == "Add" || op == "AddV2"; }

bool is_image_layer(Bytes op) { return op == "Conv2D" || op == "DepthwiseConv2dNative"; }

class NormUnfolder {
 public:
  explicit NormUnfolder(const std::shared_ptr<const Graph>& graph) : graph_(*graph), draft_(graph) {
    const FlowStructure structure(draft_);
    if (!structure.empty()) contexts_.emplace(draft_);
  }

  UnfoldedNorms run(const std::shared_ptr<const Graph>& graph) {
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (const std::optional<Folded> folded = find_folded(id)) unfold(id, *folded);
    }
    if (done_.scopes.empty()) return {graph, {}, {}};
    draft_.rename(renamed_, "B5");
    for (const ChangeView& change : draft_.changes())
      done_.changes.push_back({std::string(change.rule), std::string(change.node), std::string(change.what)});
    done_.graph = read_graph(draft_.emit().as_source(graph->source()->name()));
    return std::move(done_);
  }

 private:
  struct Folded {
    FoldedNorm norm;
    NodeId kernel = kNoNode, bias = kNoNode;  // constants
  };

  // A layer, whose output a bias is added to; one of the two constants shows that it was folded.
  std::optional<Folded> find_folded(NodeId id) const {
    const Bytes op = graph_.op(id);
    if (op != "BiasAdd" && !is_sum(op)) return std::nullopt;
    const auto inputs = graph_.inputs(id);
    if (data_input_count(inputs) != 2 || (contexts_ && contexts_->of(id) != kRootContext))
      return std::nullopt;
    for (std::size_t slot = 0; slot < (is_sum(op) ? 2U : 1U); ++slot) {
      std::optional<Folded> folded = folded_behind(id, inputs, slot);
      if (folded) return folded;
    }
    return std::nullopt;
  }

  std::optional<Folded> folded_behind(NodeId id, std::span<const Edge> inputs, std::size_t slot) const {
    const NodeId layer = inputs[slot].node;
    const bool is_image = is_image_layer(graph_.op(layer));
    if ((!is_image && graph_.op(layer) != "MatMul") || data_input_count(graph_.inputs(layer)) < 2)
      return std::nullopt;
    Folded folded;
    folded.kernel = constant_behind(graph_, graph_.inputs(layer)[1].node);
    folded.bias = constant_behind(graph_, inputs[1 - slot].node);
    if (folded.kernel == kNoNode || folded.bias == kNoNode) return std::nullopt;
    if (!is_folded(graph_, folded.kernel) && !is_folded(graph_, folded.bias)) return std::nullopt;
    const std::optional<TensorHead> head = graph_.tensor_head(folded.bias, "value");
    const bool is_real = head && (head->dtype == DType::float32 || head->dtype == DType::float64);
    if (!is_real || head->shape.rank() != 1 || !is_channels_last(layer, id)) return std::nullopt;
    folded.norm = {graph_.node_def(id),
                   slot,
                   1 - slot,
                   head->dtype,
                   head->shape.dims()[0],
                   is_image && head->dtype == DType::float32};
    return folded;
  }

  // FusedBatchNorm and BiasAdd can have channels first; a sum has not.
  bool is_channels_last(NodeId layer, NodeId biased) const {
    const std::optional<Bytes> format = graph_.attr(layer, "data_format");
    const bool last = !format || attr_as_string(*format).value_or("NHWC") == "NHWC";
    return last ||
           (graph_.op(biased) == "BiasAdd" &&
            graph_.tensor_head(constant_behind(graph_, graph_.inputs(biased)[1].node), "value")->dtype ==
                DType::float32);
  }

  // "bn1/FusedBatchNormV3" and "bn1/batchnorm/add_1" say what it was called; else it is put into the layer.
  std::string scope_of(NodeId id, const Folded& folded) {
    const std::string name(graph_.name(id));
    std::string scope(parent_scope(name));
    const Bytes last = last_component(name);
    const bool is_norm =
        last.starts_with("FusedBatchNorm") || last.starts_with("BatchNorm") || last.starts_with("batchnorm");
    const bool is_arithmetic = last_component(scope) == "batchnorm";
    if (is_arithmetic) scope = std::string(parent_scope(scope));
    if (!is_norm && !is_arithmetic) scope = add_scope("BatchNorm", parent_scope(graph_.name(folded.kernel)));
    if (scope.empty()) scope = "BatchNorm";
    return free_scopes_.next(scope, [this](const std::string& taken) { return !is_free(taken); });
  }

  bool is_free(const std::string& scope) const {
    for (const char* part : {"/gamma", "/beta", "/moving_mean", "/moving_variance"}) {
      if (draft_.find(scope + part) != kNoNode) return false;
    }
    return true;
  }

  void unfold(NodeId id, const Folded& folded) {
    const std::string scope = scope_of(id, folded);
    NormUnfolding made = unfold_norm(folded.norm, scope);
    for (NodeDef& node : made.added) {
      node.device = "";
      Change change{"B5", node.name, "part of " + scope};
      draft_.add(std::move(node), kNoNode, std::move(change));
    }
    const std::string what = folded.norm.biased.op + " -> " + made.norm.op;
    draft_.replace(id, std::move(made.norm), {"B5", folded.norm.biased.name, what});
    name_beta(id, folded, scope);
    done_.scopes.push_back(scope);
  }

  // The bias of this norm alone is called as beta was.
  void name_beta(NodeId id, const Folded& folded, const std::string& scope) {
    NodeId at = folded.bias;
    std::vector<std::pair<NodeId, std::string>> names;
    for (std::string name = scope + "/beta"; at != id; name += "/read") {
      const auto takers = graph_.consumers(at);
      if (takers.size() != 1 || names.size() > 1) return;
      names.emplace_back(at, name);
      at = takers[0].node;
    }
    renamed_.insert(names.begin(), names.end());
  }

  const Graph& graph_;
  Draft draft_;
  FreeNames free_scopes_;
  std::optional<Contexts> contexts_;
  std::unordered_map<NodeId, std::string> renamed_;
  UnfoldedNorms done_;
};

}  // namespace

UnfoldedNorms unfold_norms(const std::shared_ptr<const Graph>& graph) {
  return NormUnfolder(graph).run(graph);
}

}  // namespace thaw::internal
