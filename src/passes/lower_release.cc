#include "passes/lower_release.h"

#include <algorithm>
#include <optional>
#include <set>

#include "draft/older_forms.h"
#include "messages/attr_value.h"
#include "model/library.h"
#include "model/model.h"
#include "passes/node_templates.h"
#include "passes/shape_inference.h"
#include "tensor/tensor_proto.h"
#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kMostNamed = 4;

class ReleaseLowerer {
 public:
  ReleaseLowerer(const std::shared_ptr<const Graph>& graph, const TensorFlowRelease& release)
      : graph_(graph), release_(release), draft_(graph), library_(*graph) {}

  LoweredGraph run() {
    for (NodeId id = 0; id < graph_->node_count(); ++id) lower_node(id);
    Recipe functions = lower_functions();
    const std::string beside = lower_versions(library_.graph_rest().bytes());
    if (changes_.empty()) return {graph_, {}};
    Recipe rest;
    if (graph_->has_library()) {
      functions.add(library_.other());
      std::string header;
      append_header(header, 2, functions.size());
      rest.add(Recipe(std::move(header)));
      rest.add(std::move(functions));
    }
    rest.add(Recipe(beside));
    draft_.set_rest(std::move(rest));
    return {read_graph(draft_.emit().as_source(graph_->source()->name())), std::move(changes_)};
  }

 private:
  // Most operations of a graph are the same few.
  bool may_need_it(NodeId id) {
    if (!release_.has_op(graph_->op(id))) return true;
    NodeDef node = graph_->node_def(id);
    return !reason_to_refuse(node, release_).empty();
  }

  void lower_node(NodeId id) {
    if (!may_need_it(id)) return;
    NodeDef node = graph_->node_def(id);
    const NodeFacts facts{[&](std::uint32_t output) { return !draft_.consumers_of({id, output}).empty(); },
                          [&](std::uint32_t input) {
                            if (!shapes_) shapes_ = infer_shapes(*graph_, {});
                            const Edge tensor = graph_->inputs(id)[input];
                            return shapes_->shape(tensor.node, tensor.port);
                          }};
    const std::vector<OlderStep> steps = take_older_form(node, release_, facts);
    if (steps.empty()) return;
    for (const OlderStep& step : steps) changes_.push_back({step.rule, node.name, step.what});
    draft_.replace(id, std::move(node), changes_.back());
  }

  // A function keeps its name: an earlier TensorFlow, which this is for, does not know the other one.
  Recipe lower_functions() {
    Recipe functions;
    for (std::size_t i = 0; i < library_.functions().size(); ++i) {
      FunctionDef function = library_.functions()[i];
      const std::size_t before = changes_.size();
      for (FunctionNode& node : function.nodes) lower_inner(function, node);
      functions.add(changes_.size() == before ? library_.field(i) : encode_function(function));
    }
    return functions;
  }

  void lower_inner(const FunctionDef& function, FunctionNode& inner) {
    const NodeFacts facts{[](std::uint32_t) { return true; },
                          [](std::uint32_t) { return Shape::of_unknown_rank(); }};
    const std::vector<OlderStep> steps = take_older_form(inner.node, release_, facts);
    if (steps.empty()) return;
    inner.field = Recipe();
    for (const OlderStep& step : steps)
      changes_.push_back({step.rule, function.name + "/" + inner.node.name, step.what});
  }

  // GraphDef.versions (4), a VersionDef: 1 producer, 2 min_consumer. Absent numbers stay absent.
  std::string lower_versions(Bytes rest) {
    std::string lowered;
    MessageReader reader(rest);
    for (FieldView field; reader.next(field);) {
      if (field.is_bytes(4)) {
        MessageWriter(lowered).bytes(4, lower_version(field.payload));
      } else {
        lowered += field.whole;
      }
    }
    return lowered;
  }

  std::string lower_version(Bytes version) {
    std::string lowered;
    MessageReader reader(version);
    const auto most = static_cast<std::uint64_t>(release_.producer());
    for (FieldView field; reader.next(field);) {
      const bool is_number = field.is(1, WireType::varint) || field.is(2, WireType::varint);
      if (is_number && field.scalar > most) {
        MessageWriter(lowered).varint(field.number, most);
        changes_.push_back({"Q3", field.number == 1 ? "versions.producer" : "versions.min_consumer",
                            std::to_string(field.scalar) + " -> " + std::to_string(most)});
      } else {
        lowered += field.whole;
      }
    }
    return lowered;
  }

  std::shared_ptr<const Graph> graph_;
  const TensorFlowRelease& release_;
  Draft draft_;
  Library library_;
  std::optional<InferredShapes> shapes_;
  std::vector<Change> changes_;
};

}  // namespace

LoweredGraph lower_to(const std::shared_ptr<const Graph>& graph, const TensorFlowRelease& release) {
  return ReleaseLowerer(graph, release).run();
}

// Initialisers fill by shapes of 64 bits, which Fill took from 1.6 on.
void lower_added(Draft& draft, const TensorFlowRelease& release) {
  if (release.has_attr("Fill", "index_type")) return;
  const auto first = static_cast<NodeId>(draft.base().node_count());
  for (NodeId id = first; id < draft.id_limit(); ++id) {
    if (draft.is_removed(id) || draft.op(id) != "Fill") continue;
    NodeDef fill = draft.node_def(id);
    const NodeId shape = draft.inputs_now(id)[0].node;
    NodeDef constant = draft.node_def(shape);
    const NodeAttr* value = constant.find_attr("value");
    if (value == nullptr || attr_as_type(constant.find_attr("dtype")->value.bytes()) != DType::int64)
      continue;
    const std::string bytes = value->value.bytes();
    const std::string dims = read_tensor(view_attr(bytes).payload).value.bytes();
    std::string narrow;
    for (std::size_t at = 0; at + 8 <= dims.size(); at += 8) narrow += dims.substr(at, 4);
    const Shape rank({static_cast<std::int64_t>(narrow.size() / 4)});
    NodeDef lowered = make_constant(constant.name, Value::from_bytes(DType::int32, rank, narrow));
    lowered.inputs = constant.inputs;
    draft.replace(shape, std::move(lowered), {"Q1", constant.name, "a shape of 32 bits"});
    fill.drop_attr("index_type");
    const std::string name = fill.name;
    draft.replace(id, std::move(fill), {"Q1", name, "index_type left out"});
  }
}

void check_release(const Draft& draft, const TensorFlowRelease& release) {
  std::vector<std::string> refused;
  const auto look_at = [&](const NodeDef& node, const std::string& where) {
    const std::string why = reason_to_refuse(node, release);
    if (!why.empty()) refused.push_back(thaw::quoted(node.name) + where + " (" + why + ")");
  };
  for (const NodeId id : draft.order()) look_at(draft.node_def(id), "");
  if (draft.base().has_library()) {
    const Library library(draft.base());
    for (const FunctionDef& function : library.functions()) {
      for (const FunctionNode& inner : function.nodes)
        look_at(inner.node, " of function " + thaw::quoted(function.name));
    }
  }
  if (refused.empty()) return;
  std::string named;
  for (std::size_t i = 0; i < std::min(refused.size(), kMostNamed); ++i)
    named += (i ? ", " : "") + refused[i];
  if (refused.size() > kMostNamed) named += " and " + std::to_string(refused.size() - kMostNamed) + " more";
  throw Error(ErrorKind::unsupported,
              "TensorFlow " + release.name() + " does not know what these nodes do: " + named,
              "operations and attributes of that release, or such as have an older form",
              "name a later one with --target-tf, or leave nodes out with --outputs and --prune");
}

}  // namespace thaw::internal
