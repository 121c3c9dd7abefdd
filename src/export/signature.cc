#include "export/signature.h"

#include <algorithm>
#include <array>

#include "draft/outputs.h"
#include "messages/attr_value.h"
#include "names/scopes.h"
#include "tensor/shape.h"
#include "thaw/error.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

// Below this producer a Placeholder's `shape {}` means an unknown shape, not a scalar
// (core/ops/array_ops.cc).
constexpr std::int64_t kScalarPlaceholders = 24;

Shape placeholder_shape(const Draft& draft, NodeId id) {
  const std::optional<std::string> value = draft.attr(id, "shape");
  const AttrView view = value ? view_attr(*value) : AttrView{};
  if (view.kind != AttrKind::shape) return Shape::of_unknown_rank();
  Shape shape = decode_shape(view.payload);
  const bool old = draft.base().producer().value_or(0) < kScalarPlaceholders;
  return shape.rank() == 0 && old ? Shape::of_unknown_rank() : shape;
}

// What TensorFlow 2 leaves dangling where it writes a While out in nodes: values of the loop that nobody
// takes (core/common_runtime/lower_while_op.cc calls them "exit/_7", "loop_body_control/_4").
bool is_left_by_lowering(Bytes name) {
  const Bytes last = last_component(name), before = last_component(parent_scope(name));
  const bool numbered = last.size() > 1 && last[0] == '_' &&
                        std::ranges::all_of(last.substr(1), [](char c) { return c >= '0' && c <= '9'; });
  return numbered && (before == "exit" || before == "loop_body_control");
}

// A graph has many loose ends; only those that compute something from something are outputs.
bool is_loose_end(const Draft& draft, NodeId id) {
  constexpr auto kNever =
      std::to_array<Bytes>({"Const", "Placeholder", "PlaceholderV2", "NoOp", "Assert", "Assign", "VariableV2",
                            "VarHandleOp", "ReadVariableOp", "Print", "Print_2",
                            // Inside of a loop, where nothing can be fetched.
                            "Enter", "RefEnter", "NextIteration", "LoopCond"});
  if (draft.is_added(id) || is_left_by_lowering(draft.name_view(id))) return false;
  const auto is_data = [](const Edge& edge) { return !edge.is_control(); };
  return std::ranges::none_of(draft.consumers_now(id), is_data) &&
         std::ranges::find(kNever, draft.op(id)) == kNever.end();
}

void add_outputs(const Draft& draft, NodeId id, std::int64_t only, Signature& signature) {
  const std::vector<DType> types = output_types(draft, id);
  const std::string name = draft.name(id);
  for (std::uint32_t i = 0; i < types.size(); ++i) {
    if ((only >= 0 && only != i) || types[i] == DType::invalid || types[i] == DType::resource) continue;
    const std::string key = i == 0 ? name : name + "_" + std::to_string(i);
    signature.outputs.push_back({key, tensor_name(name, i), types[i], Shape::of_unknown_rank()});
  }
}

void add_wanted(const Draft& draft, const std::string& wanted, Signature& signature) {
  const InputName input = parse_input(wanted);
  const NodeId id = draft.find(input.node);
  if (id == kNoNode || draft.is_removed(id)) {
    throw Error(ErrorKind::usage, "--outputs names " + thaw::quoted(wanted) + ", which is not in the graph",
                "names of nodes", "see them with --json");
  }
  const std::int64_t only = wanted.find(':') != std::string::npos ? std::int64_t{input.output} : -1;
  const std::size_t count = output_types(draft, id).size();
  if (count > 0 && only >= static_cast<std::int64_t>(count)) {
    throw Error(
        ErrorKind::usage,
        "--outputs names " + thaw::quoted(wanted) + ", which has " + std::to_string(count) + " outputs",
        "an output that it has", "outputs count from 0");
  }
  add_outputs(draft, id, only, signature);
}

// TensorInfo: 1 name, 2 dtype, 3 tensor_shape. A shape that is not given is a scalar's to TensorFlow.
std::string encode_endpoint(const Endpoint& endpoint) {
  std::string info, entry;
  MessageWriter(info)
      .bytes(1, endpoint.tensor)
      .integer(2, static_cast<std::int64_t>(endpoint.dtype))
      .bytes(3, encode_shape(endpoint.shape));
  MessageWriter(entry).bytes(1, endpoint.key).bytes(2, info);
  return entry;
}

}  // namespace

Signature find_signature(const Draft& draft, const std::vector<std::string>& wanted) {
  Signature signature;
  for (const NodeId id : draft.order()) {
    const Bytes op = draft.op(id);
    if (op == "Placeholder" || op == "PlaceholderV2") {
      const std::string name = draft.name(id);
      signature.inputs.push_back({name, name + ":0", draft.type_attr(id, "dtype").value_or(DType::invalid),
                                  placeholder_shape(draft, id)});
    } else if (wanted.empty() && is_loose_end(draft, id)) {
      add_outputs(draft, id, -1, signature);
    }
  }
  for (const std::string& name : wanted) add_wanted(draft, name, signature);
  return signature;
}

std::string encode_signature(const Signature& signature, Bytes method) {
  std::string out;
  MessageWriter writer(out);
  for (const Endpoint& endpoint : signature.inputs) writer.bytes(1, encode_endpoint(endpoint));
  for (const Endpoint& endpoint : signature.outputs) writer.bytes(2, encode_endpoint(endpoint));
  writer.bytes(3, method);
  return out;
}

}  // namespace thaw::internal
