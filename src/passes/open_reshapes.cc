#include "passes/open_reshapes.h"

#include <algorithm>
#include <optional>
#include <set>

#include "messages/attr_value.h"
#include "model/declared_shape.h"
#include "model/model.h"
#include "passes/node_templates.h"
#include "passes/redeclare.h"
#include "passes/shape_inference.h"
#include "tensor/tensor_proto.h"

namespace thaw::internal {

namespace {

// Each round is a walk or two over the graph; one opens everything that does not lie behind something closed.
constexpr int kMostRounds = 64;

struct ChangedDimension {
  NodeId node;
  std::size_t dimension;
  std::int64_t was, is;  // -1: any
};

std::vector<ChangedDimension> changed_dimensions(const Graph& graph, const DeclaredShapes& declared) {
  std::vector<ChangedDimension> changed;
  for (const auto& [id, is] : declared) {
    const Shape was = declared_shape(graph, id);
    if (was.unknown_rank() || is.unknown_rank() || was.rank() != is.rank()) continue;
    for (std::size_t i = 0; i < is.rank(); ++i) {
      if (was.dims()[i] > 0 && was.dims()[i] != is.dims()[i])
        changed.push_back({id, i, was.dims()[i], is.dims()[i]});
    }
  }
  return changed;
}

class ReshapeOpener {
 public:
  ReshapeOpener(const std::shared_ptr<const Graph>& graph, const std::vector<std::string>& words)
      : graph_(graph) {
    const Draft draft(graph);
    declared_ = declared_shapes(draft, words);
    changed_ = changed_dimensions(*graph, declared_);
    for (const ShapeClash& clash : infer_shapes(*graph, {}).clashes) known_.insert(clash.node);
  }

  OpenedReshapes run() {
    for (int round = 0; round < kMostRounds && open_some(); ++round) {
    }
    return {graph_, std::move(changes_)};
  }

 private:
  bool open_some() {
    Draft draft(graph_);
    std::set<NodeId> opened;
    for (const ChangedDimension& dimension : changed_) {
      for (const NodeId id : closed_nodes(dimension)) {
        if (!known_.contains(id) && !opened.contains(id) && open(draft, id, dimension.was)) opened.insert(id);
      }
    }
    if (opened.empty()) return false;
    for (const ChangeView& change : draft.changes())
      changes_.push_back({std::string(change.rule), std::string(change.node), std::string(change.what)});
    graph_ = read_graph(draft.emit().as_source(graph_->source()->name()));
    return true;
  }

  // Nodes that fail with another size of the dimension: of a free one with twice and three times as much.
  std::vector<NodeId> closed_nodes(const ChangedDimension& dimension) const {
    if (dimension.is >= 0) return clashes_with(dimension, dimension.is);
    const std::vector<NodeId> doubled = clashes_with(dimension, 2 * dimension.was);
    const std::vector<NodeId> tripled = clashes_with(dimension, 3 * dimension.was);
    std::vector<NodeId> both;
    std::ranges::set_intersection(doubled, tripled, std::back_inserter(both));
    return both;
  }

  std::vector<NodeId> clashes_with(const ChangedDimension& dimension, std::int64_t size) const {
    DeclaredShapes trial = declared_;
    std::vector<std::int64_t> dims = trial.at(dimension.node).dims();
    dims[dimension.dimension] = size;
    trial[dimension.node] = Shape(std::move(dims));
    std::vector<NodeId> nodes;
    for (const ShapeClash& clash : infer_shapes(*graph_, trial).clashes) nodes.push_back(clash.node);
    std::ranges::sort(nodes);
    return nodes;
  }

  bool open(Draft& draft, NodeId reshape, std::int64_t was) {
    if (graph_->op(reshape) != "Reshape" || data_input_count(graph_->inputs(reshape)) != 2) return false;
    const NodeId shape = graph_->inputs(reshape)[1].node;
    const std::optional<TensorHead> head =
        graph_->op(shape) == "Const" ? graph_->tensor_head(shape, "value") : std::nullopt;
    const bool is_shape = head && head->shape.rank() == 1 && head->shape.dims()[0] <= 64 &&
                          (head->dtype == DType::int32 || head->dtype == DType::int64);
    if (!is_shape) return false;
    const std::optional<std::string> opened =
        opened_shape(graph_->tensor(shape, "value").value.bytes(), element_size(head->dtype), was);
    if (!opened) return false;
    NodeDef constant =
        make_node(draft.unique_name(std::string(graph_->name(reshape)) + "/open_shape"), "Const");
    constant.set_attr("dtype", attr_of_type(head->dtype));
    const Value value = Value::from_bytes(head->dtype, head->shape, *opened);
    constant.set_attr("value", attr_of_tensor(write_tensor(value).bytes()));  // read again at once
    for (const Edge& input : graph_->inputs(shape))
      constant.inputs.push_back("^" + std::string(graph_->name(input.node)));
    const std::string name = constant.name;
    const NodeId made = draft.add(std::move(constant), kNoNode, {"I3", name, "a shape with -1"});
    draft.redirect(reshape, 1, {made, 0},
                   {"I3", draft.name(reshape), std::to_string(was) + " may be another number"});
    return true;
  }

  // The same numbers with -1 in the place of `was`; nothing where that is not one place, or there is a -1
  // already.
  static std::optional<std::string> opened_shape(std::string bytes, std::size_t size, std::int64_t was) {
    std::optional<std::size_t> place;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
      std::int64_t number = 0;
      for (std::size_t i = size; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
      if (size == 4) number = static_cast<std::int32_t>(number);
      if (number < 0 || (number == was && place)) return std::nullopt;
      if (number == was) place = at;
    }
    if (!place) return std::nullopt;
    return bytes.replace(*place, size, size, '\xFF');
  }

  std::shared_ptr<const Graph> graph_;
  DeclaredShapes declared_;
  std::vector<ChangedDimension> changed_;
  std::set<NodeId> known_;  // what fails as it is
  std::vector<Change> changes_;
};

}  // namespace

OpenedReshapes open_reshapes(const std::shared_ptr<const Graph>& graph,
                             const std::vector<std::string>& words) {
  if (words.empty()) return {graph, {}};
  return ReshapeOpener(graph, words).run();
}

}  // namespace thaw::internal
