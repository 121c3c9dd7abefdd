#include "compare/node_comparison.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "compare/attr_text.h"
#include "compare/canonical_message.h"
#include "io/same_bytes.h"
#include "messages/attr_value.h"
#include "messages/schema_tables.h"
#include "ops/op_defaults.h"
#include "tensor/tensor_proto.h"
#include "thaw/error.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

constexpr Bytes kPlace = "loc:@";
constexpr std::uint32_t kNodeDebugInfo = 6;  // NodeDef.experimental_debug_info

// Where an input comes from, as B would write it.
std::string renamed_input(const std::string& input, NodeHome home, const NewNames& names) {
  const std::string plain = plain_input(input, home);
  if (names.empty() || home == NodeHome::function) return plain;
  const std::size_t start = plain.starts_with('^') ? 1 : 0;
  const std::size_t end = std::min(plain.find(':'), plain.size());
  const auto found = names.find(plain.substr(start, end - start));
  return found == names.end() ? plain : plain.substr(0, start) + found->second + plain.substr(end);
}

struct Inputs {
  std::vector<std::string> data;
  std::set<std::string> controls;
};

Inputs inputs_of(const NodeDef& node, NodeHome home, const NewNames& names) {
  Inputs inputs;
  for (const std::string& input : node.inputs) {
    std::string plain = renamed_input(input, home, names);
    if (plain.starts_with('^')) {
      inputs.controls.insert(std::move(plain));
    } else {
      inputs.data.push_back(std::move(plain));
    }
  }
  return inputs;
}

bool is_tensor(const Recipe& attr) {
  const std::optional<Bytes> bytes = attr.in_memory();
  return !bytes || view_attr(*bytes).kind == AttrKind::tensor;  // only tensors are left in the file
}

// The TensorProto in a tensor attribute: how large it is, and what it says.
struct HeldTensor {
  TensorProto tensor;
  std::uint64_t size;
};

HeldTensor tensor_of(const Recipe& attr) {
  if (const std::optional<Bytes> bytes = attr.in_memory()) {
    const Bytes payload = view_attr(*bytes).payload;
    return {read_tensor(payload), payload.size()};
  }
  const SourcePtr source = Recipe(attr).as_source("a tensor");
  Window window(*source, {0, source->size()});
  Walk walk(window);
  Field field;
  while (walk.next(field) && !field.is_bytes(static_cast<std::uint32_t>(AttrKind::tensor))) {
  }
  return {read_tensor(source, field.payload), field.payload.size};
}

std::optional<HeldTensor> readable_tensor(const Recipe& attr) {
  try {
    HeldTensor held = tensor_of(attr);
    const DType dtype = held.tensor.value.dtype();
    if (element_size(dtype) == 0 && dtype != DType::string) return std::nullopt;
    return held;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::malformed || error.kind() == ErrorKind::unsupported) return std::nullopt;
    throw;
  }
}

std::string text_of(const Recipe& attr) {
  if (is_tensor(attr)) {
    const std::optional<HeldTensor> held = readable_tensor(attr);
    return held ? tensor_text(held->tensor.value) : "a tensor that cannot be read";
  }
  return attr_text(*attr.in_memory());
}

std::set<std::string> places_of(const Recipe* attr) {
  std::set<std::string> places;
  if (attr == nullptr || !attr->in_memory()) return places;
  for (const Bytes place : attr_as_strings(*attr->in_memory())) places.emplace(place);
  return places;
}

std::string joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + escaped(word);
  return text;
}

std::string later_fields(const std::string& unknown) {
  std::string kept;
  MessageReader reader(unknown);
  for (FieldView field; reader.next(field);) {
    if (field.number != kNodeDebugInfo) kept += field.whole;
  }
  return kept.empty() ? kept : canonical_message(kept, schema::kNodeDef);
}

using AttrMap = std::map<std::string, const Recipe*>;  // of equal keys the last one counts

AttrMap map_of(const std::vector<NodeAttr>& attrs) {
  AttrMap map;
  for (const NodeAttr& attr : attrs) map[attr.key] = &attr.value;
  return map;
}

bool is_compared(const std::string& key) { return key != "_output_shapes"; }

}  // namespace

// An attribute or what stands for it.
struct NodeComparison::OneAttr {
  OneAttr(const AttrMap& attrs, const std::string& key, Bytes op) {
    const auto found = attrs.find(key);
    if (found != attrs.end()) {
      held = found->second;
    } else if (const auto preset = default_attr(op, key)) {
      own.emplace(std::string(*preset));
      held = &*own;
    }
  }
  OneAttr(const OneAttr&) = delete;
  OneAttr& operator=(const OneAttr&) = delete;

  const Recipe* held = nullptr;
  std::optional<Recipe> own;
};

std::string plain_input(const std::string& input, NodeHome home) {
  if (home == NodeHome::function || input.starts_with('^')) return input;
  const InputName name = parse_input(input);
  return format_input(name.node, name.output);
}

NodeComparison::Parts NodeComparison::compare(const NodeDef& a, const NodeDef& b, NodeHome home,
                                              bool values_known) const {
  Parts parts;
  const std::string& op = names_->function(a.op);
  if (op != b.op) parts.push_back({NodePart::op, "", a.op, b.op, {}});
  if (a.device != b.device) parts.push_back({NodePart::device, "", a.device, b.device, {}});
  compare_inputs(a, b, home, parts);
  compare_attrs(a.attrs, b.attrs, a.op, b.op, parts);
  if (values_known && a.op == "Const" && b.op == "Const")
    std::erase_if(parts,
                  [](const PartDifference& part) { return part.name == "value" || part.name == "dtype"; });
  if (a.unknown != b.unknown && later_fields(a.unknown) != later_fields(b.unknown))
    parts.push_back({NodePart::other, "experimental_type or later fields", "", "", {}});
  return parts;
}

bool NodeComparison::same_first_input(const NodeDef& a, const NodeDef& b) const {
  return !a.inputs.empty() && !b.inputs.empty() &&
         renamed_input(a.inputs[0], NodeHome::graph, names_->nodes) ==
             renamed_input(b.inputs[0], NodeHome::graph, names_->reads);
}

void NodeComparison::compare_inputs(const NodeDef& a, const NodeDef& b, NodeHome home, Parts& parts) const {
  const Inputs was = inputs_of(a, home, names_->nodes), is = inputs_of(b, home, names_->reads);
  const Inputs old = inputs_of(a, home, {}), now = inputs_of(b, home, {});
  for (std::size_t i = 0; i < std::max(was.data.size(), is.data.size()); ++i) {
    const bool in_a = i < was.data.size(), in_b = i < is.data.size();
    if (in_a && in_b && was.data[i] == is.data[i]) continue;
    parts.push_back(
        {NodePart::input, std::to_string(i), in_a ? old.data[i] : "", in_b ? now.data[i] : "", {}});
  }
  for (const std::string& control : was.controls) {
    if (!is.controls.contains(control)) parts.push_back({NodePart::control, "", control, "", {}});
  }
  for (const std::string& control : is.controls) {
    if (!was.controls.contains(control)) parts.push_back({NodePart::control, "", "", control, {}});
  }
}

void NodeComparison::compare_attrs(const std::vector<NodeAttr>& a, const std::vector<NodeAttr>& b, Bytes op_a,
                                   Bytes op_b, Parts& parts) const {
  const AttrMap was = map_of(a), is = map_of(b);
  std::set<std::string> keys;
  for (const AttrMap& map : {was, is}) {
    for (const auto& [key, value] : map) keys.insert(key);
  }
  for (const std::string& key : keys) {
    if (!is_compared(key)) continue;
    const OneAttr one(was, key, op_a), other(is, key, op_b);
    if (key == "_class") {
      compare_places(one, other, parts);
    } else {
      compare_attr(key, one, other, parts);
    }
  }
}

void NodeComparison::compare_places(const OneAttr& a, const OneAttr& b, Parts& parts) const {
  std::set<std::string> was;
  for (const std::string& place : places_of(a.held)) {
    const bool is_place = place.starts_with(kPlace);
    was.insert(is_place ? std::string(kPlace) + names_->node(place.substr(kPlace.size())) : place);
  }
  const std::set<std::string> is = places_of(b.held);
  if (was != is) parts.push_back({NodePart::attribute, "_class", joined(places_of(a.held)), joined(is), {}});
}

void NodeComparison::compare_attr(const std::string& key, const OneAttr& a, const OneAttr& b,
                                  Parts& parts) const {
  if (a.held == nullptr || b.held == nullptr) {
    const std::string from = a.held == nullptr ? "" : text_of(*a.held);
    parts.push_back({NodePart::attribute, key, from, b.held == nullptr ? "" : text_of(*b.held), {}});
    return;
  }
  const bool tensors = is_tensor(*a.held) && is_tensor(*b.held);
  if ((tensors || names_->functions.empty()) && same_bytes(*a.held, *b.held)) return;
  if (tensors) return compare_tensors(key, *a.held, *b.held, parts);
  const bool mixed = is_tensor(*a.held) || is_tensor(*b.held);
  if (mixed || !same_messages(*a.held, *b.held))
    parts.push_back({NodePart::attribute, key, text_of(*a.held), text_of(*b.held), {}});
}

bool NodeComparison::same_messages(const Recipe& a, const Recipe& b) const {
  const FunctionNames names = [this](Bytes name) { return names_->function(std::string(name)); };
  return canonical_message(a.bytes(), schema::kAttrValue, names) ==
         canonical_message(b.bytes(), schema::kAttrValue);
}

void NodeComparison::compare_tensors(const std::string& key, const Recipe& a, const Recipe& b,
                                     Parts& parts) const {
  const std::optional<HeldTensor> was = readable_tensor(a), is = readable_tensor(b);
  PartDifference part{NodePart::value, key, text_of(a), text_of(b), {}};
  if (!was || !is) {
    if (was || is || !same_messages(a, b)) parts.push_back(std::move(part));
    return;
  }
  const Value& left = was->tensor.value;
  const Value& right = is->tensor.value;
  if (left.dtype() == right.dtype() && left.shape() == right.shape()) {
    ElementWishes wishes = wishes_;
    // An element takes at least a byte of a list.
    const bool repeats =
        was->tensor.encoding == Encoding::short_list && is->tensor.encoding == Encoding::short_list;
    if (repeats) wishes.repeated_from = std::max(was->size, is->size) + 1;
    part.delta = compare_elements(left, right, wishes);
    if (is_same(*part.delta)) return;
  }
  parts.push_back(std::move(part));
}

}  // namespace thaw::internal
