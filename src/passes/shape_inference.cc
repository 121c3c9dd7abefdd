#include "passes/shape_inference.h"

#include <algorithm>
#include <limits>

#include "ops/op_table.h"
#include "passes/loop_merges.h"
#include "passes/shape_rules.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kMostShown = 6;

// int32 or int64 when the node's first output surely is; else invalid.
DType integer_type(const Graph& graph, NodeId node) {
  const OpInfo* info = find_op(graph.op(node));
  if (info == nullptr || info->outputs.empty()) return DType::invalid;
  const ArgInfo output = info->outputs[0];
  std::optional<DType> dtype =
      output.type != 0 ? dtype_of_number(output.type) : graph.type_attr(node, output.type_attr);
  if (!dtype && output.type == 0) dtype = dtype_of_number(output.default_type);
  const bool integer = dtype == DType::int32 || dtype == DType::int64;
  return integer ? *dtype : DType::invalid;
}

// Results that int32 cannot hold have wrapped around.
void forget_wrapped(OutputFacts& outputs) {
  for (TensorFact& fact : outputs.ports) {
    if (!fact.numbers) continue;
    for (Number& number : *fact.numbers) {
      const bool held = number && *number == static_cast<std::int32_t>(*number);
      if (!held) number.reset();
    }
  }
}

std::string describe(const TensorFact& fact) {
  return fact.numbers ? text_of(*fact.numbers) : fact.shape.to_string();
}

class Inference {
 public:
  Inference(const Graph& graph, const DeclaredShapes& declared, LoopShapes loops)
      : graph_(graph), declared_(declared), loops_(loops) {
    result_.nodes.resize(graph.node_count());
  }

  InferredShapes run() {
    count_inputs();
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (pending_[id] == 0) ready_.push_back(id);
    }
    for (std::size_t at = 0; at < ready_.size(); ++at) visit(ready_[at]);
    return std::move(result_);
  }

 private:
  // A loop's first pass does not wait for its second.
  bool is_awaited(const Edge& input) const {
    return !input.is_control() && !is_back_edge(graph_.op(input.node));
  }

  void count_inputs() {
    pending_.resize(graph_.node_count());
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      const auto inputs = graph_.inputs(id);
      pending_[id] = std::ranges::count_if(inputs, [&](const Edge& input) { return is_awaited(input); });
    }
  }

  void visit(NodeId id) {
    std::vector<const TensorFact*> inputs;
    for (const Edge& input : graph_.inputs(id)) {
      if (!input.is_control()) inputs.push_back(&result_.nodes[input.node].at(input.port));
    }
    const std::optional<Shape> variable = shape_of_variable(id, inputs);
    result_.nodes[id] = variable ? merge_of(*variable) : infer(id, std::move(inputs));
    if (is_back_edge(graph_.op(id))) return;
    for (const Edge& consumer : graph_.consumers(id)) {
      if (!consumer.is_control() && --pending_[consumer.node] == 0) ready_.push_back(consumer.node);
    }
  }

  // Of a loop, when it is told or taken from what the loop begins with.
  std::optional<Shape> shape_of_variable(NodeId id, const std::vector<const TensorFact*>& inputs) const {
    if (!is_loop_merge(graph_, id)) return std::nullopt;
    if (const auto declared = declared_.find(id); declared != declared_.end()) return declared->second;
    if (loops_ == LoopShapes::unknown) return std::nullopt;
    const bool begins = !is_back_edge(graph_.op(graph_.inputs(id)[0].node));
    return inputs[begins ? 0 : 1]->shape;
  }

  static OutputFacts merge_of(const Shape& shape) {
    OutputFacts facts;
    facts.ports.resize(2);
    facts.ports[0].shape = shape;
    facts.ports[1].shape = Shape();
    return facts;
  }

  OutputFacts infer(NodeId id, std::vector<const TensorFact*> inputs) {
    const ShapeRule rule = find_shape_rule(graph_.op(id));
    if (rule == nullptr) return {};
    const auto declared = declared_.find(id);
    ShapeQuery query(graph_, id, std::move(inputs),
                     declared == declared_.end() ? nullptr : &declared->second);
    try {
      rule(query);
      const ShapeRule number_rule = find_number_rule(graph_.op(id));
      const DType dtype = number_rule == nullptr ? DType::invalid : integer_type(graph_, id);
      if (dtype == DType::invalid) return query.take_outputs();
      number_rule(query);
      OutputFacts outputs = query.take_outputs();
      if (dtype == DType::int32) forget_wrapped(outputs);
      return outputs;
    } catch (const Error& error) {
      // Everything else is a damaged attribute: nothing is known, and somebody else complains.
      if (error.kind() == ErrorKind::usage) note_clash(id, query, error.expected());
      return {};
    }
  }

  void note_clash(NodeId id, const ShapeQuery& query, const std::string& expected) {
    std::string got;
    for (std::size_t slot = 0; slot < query.input_count(); ++slot) {
      if (slot > 0) got += ", ";
      if (slot == kMostShown) {
        got += "...";
        break;
      }
      got += describe(query.input(slot));
    }
    result_.clashes.push_back({id, std::move(got), expected});
  }

  const Graph& graph_;
  const DeclaredShapes& declared_;
  LoopShapes loops_;
  InferredShapes result_;
  std::vector<std::ptrdiff_t> pending_;  // data inputs whose shapes are still to come
  std::vector<NodeId> ready_;
};

}  // namespace

InferredShapes infer_shapes(const Graph& graph, const DeclaredShapes& declared, LoopShapes loops) {
  return Inference(graph, declared, loops).run();
}

}  // namespace thaw::internal
