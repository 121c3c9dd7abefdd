#include "verbs/wanted_outputs.h"

#include <algorithm>

#include "names/pattern.h"
#include "tensor/shape.h"
#include "verbs/likely_outputs.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

constexpr const char* kDefault = "serving_default";
constexpr std::size_t kMostListed = 8;

// TensorInfo: 1 name, 2 dtype, 3 tensor_shape, 4 coo_sparse {1, 2, 3: tensors}, 5 composite_tensor {2
// components, TensorInfos}: one that is made of several tensors needs all of them.
void add_tensors(Bytes info, std::vector<ReportedTensor>& tensors) {
  std::vector<Bytes> work{info};
  for (std::size_t next = 0; next < work.size(); ++next) {
    ReportedTensor tensor{"", DType::invalid, Shape::of_unknown_rank()};
    MessageReader reader(work[next]);
    for (FieldView field; reader.next(field);) {
      if (field.is_bytes(1)) tensor.name = field.payload;
      if (field.is(2, WireType::varint))
        tensor.dtype = dtype_of_number(static_cast<std::int64_t>(field.scalar)).value_or(DType::invalid);
      if (field.is_bytes(3)) tensor.shape = decode_shape(field.payload);
      MessageReader parts(field.is_bytes(4) || field.is_bytes(5) ? field.payload : Bytes());
      for (FieldView part; parts.next(part);) {
        if (part.type != WireType::length_delimited) continue;
        if (field.number == 4)
          tensors.push_back({std::string(part.payload), DType::invalid, Shape::of_unknown_rank()});
        if (field.number == 5 && part.number == 2) work.push_back(part.payload);
      }
    }
    if (!tensor.name.empty()) tensors.push_back(std::move(tensor));
  }
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostListed); ++i)
    text += (i == 0 ? "" : ", ") + thaw::quoted(names[i]);
  return text + (names.size() > kMostListed ? ", ..." : "");
}

[[noreturn]] void fail_without_outputs(const Graph& graph) {
  const std::vector<std::string> likely = likely_outputs(graph);
  throw Error(ErrorKind::usage, "has no signature that says what its outputs are", "--outputs NAME",
              likely.empty() ? "thaw inspect shows the graph" : "likely: --outputs " + listed(likely));
}

}  // namespace

// SignatureDef: 1 inputs, 2 outputs, maps of TensorInfo.
WantedOutputs read_signature(const NamedMessage& signature) {
  WantedOutputs wanted{signature.name, {}, {}};
  MessageReader reader(signature.message);
  for (FieldView field; reader.next(field);) {
    if (!field.is_bytes(1) && !field.is_bytes(2)) continue;
    add_tensors(read_map_entry(field.payload).value, field.number == 1 ? wanted.inputs : wanted.outputs);
  }
  for (std::vector<ReportedTensor>* tensors : {&wanted.inputs, &wanted.outputs}) {
    std::ranges::sort(*tensors, {}, &ReportedTensor::name);
    const auto [first, last] = std::ranges::unique(*tensors, {}, &ReportedTensor::name);
    tensors->erase(first, last);
  }
  return wanted;
}

std::vector<const NamedMessage*> signatures_of(const Model& model) {
  std::vector<const NamedMessage*> found;
  for (const NamedMessage& signature : model.envelope.signatures) {
    if (!signature.name.starts_with("__saved_model_") && !read_signature(signature).outputs.empty())
      found.push_back(&signature);
  }
  return found;
}

void fail_without_signature(const std::vector<const NamedMessage*>& signatures, const std::string& wanted) {
  std::vector<std::string> names;
  for (const NamedMessage* signature : signatures) names.push_back(signature->name);
  const std::string problem = wanted.empty() ? "has several signatures and none is called serving_default"
                                             : "has no signature " + thaw::quoted(wanted);
  throw Error(ErrorKind::usage, problem,
              names.empty() ? "a model with signatures" : "one of " + listed(names),
              names.empty() ? "--outputs NAME" : "--signature NAME, or --outputs NAME");
}

std::vector<NodeId> find_wanted(const Graph& graph, const std::vector<std::string>& outputs) {
  std::vector<NodeId> wanted;
  for (const std::string& output : outputs) {
    const NodeId id = graph.find(parse_input(output).node);
    if (id == kNoNode) {
      const Pattern pattern(output);
      std::vector<Bytes> names;
      for (NodeId node = 0; node < graph.node_count(); ++node) names.push_back(graph.name(node));
      throw no_match_error("--outputs", pattern, names);
    }
    wanted.push_back(id);
  }
  return wanted;
}

std::vector<std::string> WantedOutputs::names() const {
  std::vector<std::string> names;
  for (const ReportedTensor& output : outputs) names.push_back(output.name);
  return names;
}

WantedOutputs choose_outputs(const Model& model, const std::vector<std::string>& named,
                             const std::string& signature) {
  if (!named.empty()) {
    WantedOutputs wanted;
    for (const std::string& name : named)
      wanted.outputs.push_back({name, DType::invalid, Shape::of_unknown_rank()});
    return wanted;
  }
  const std::vector<const NamedMessage*> signatures = signatures_of(model);
  const auto find = [&](const std::string& name) {
    return std::ranges::find(signatures, name, [](const NamedMessage* one) { return one->name; });
  };
  auto chosen = find(signature.empty() ? kDefault : signature);
  if (chosen == signatures.end() && signature.empty() && signatures.size() == 1) chosen = signatures.begin();
  if (chosen != signatures.end()) return read_signature(**chosen);
  if (signatures.empty() && signature.empty()) fail_without_outputs(*model.graph);
  fail_without_signature(signatures, signature);
}

}  // namespace thaw::internal
