#include "model/graph.h"

#include <algorithm>

#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

// TensorFlow imports a constant that is something else than it says, and fails when it runs.
void check_declared(std::optional<DType> declared, DType held) {
  if (!declared || *declared == held) return;
  throw Error(ErrorKind::malformed, "a tensor of " + std::string(name_of(held)),
              std::string(name_of(*declared)) + ", as attribute 'dtype' says");
}

}  // namespace

Bytes Graph::device(NodeId id) const {
  Bytes device;
  MessageReader reader(skeleton(id));
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(4)) device = field.payload;
  }
  return device;
}

std::span<const Edge> Graph::inputs(NodeId id) const {
  const std::size_t begin = records_[id].first_input;
  const std::size_t end = id + 1 < records_.size() ? records_[id + 1].first_input : inputs_.size();
  return std::span(inputs_).subspan(begin, end - begin);
}

std::span<const Edge> Graph::consumers(NodeId id) const {
  return std::span(consumers_).subspan(consumer_begin_[id], consumer_begin_[id + 1] - consumer_begin_[id]);
}

Range Graph::field(NodeId id) const {
  const NodeRecord& record = records_[id];
  if (record.field_header != 0)
    return {record.field_at, std::uint64_t{record.field_header} + record.skeleton_size};
  return {record.field_at, std::ranges::lower_bound(odd_fields_, id, {}, &OddField::node)->size};
}

NodeId Graph::find(Bytes wanted, NodeId guess) const {
  return guess < node_count() && name(guess) == wanted ? guess : find(wanted);
}

NodeId Graph::find(Bytes wanted) const { return find_hashed(wanted, hash_of(wanted)); }

std::optional<Bytes> Graph::attr(NodeId id, Bytes wanted) const { return find_attr(skeleton(id), wanted); }

std::optional<DType> Graph::type_attr(NodeId id, Bytes key) const {
  const std::optional<Bytes> value = attr(id, key);
  return value ? attr_as_type(*value) : std::nullopt;
}

std::optional<TensorHead> Graph::tensor_head(NodeId id, Bytes key) const {
  const std::optional<Bytes> value = attr(id, key);
  if (!value) return std::nullopt;
  const AttrView view = view_attr(*value);
  if (view.kind != AttrKind::tensor) return std::nullopt;
  try {
    return read_tensor_head(view.payload);
  } catch (Error& error) {
    throw error.at("node " + quoted(name(id)));
  }
}

TensorProto Graph::tensor(NodeId id, Bytes key) const {
  try {
    const Cut* cut = find_cut(id, key);
    const std::optional<Bytes> value = cut != nullptr ? std::nullopt : attr(id, key);
    const AttrView view = value ? view_attr(*value) : AttrView{};
    if (cut == nullptr && view.kind != AttrKind::tensor) {
      throw Error(ErrorKind::malformed, "no tensor in attribute " + quoted(key), "a TensorProto");
    }
    TensorProto read = cut != nullptr ? read_tensor(source_, cut->tensor) : read_tensor(view.payload);
    if (key == "value") check_declared(type_attr(id, "dtype"), read.value.dtype());
    return read;
  } catch (Error& error) {
    throw error.at("node " + quoted(name(id)));
  }
}

const Cut* Graph::find_cut(NodeId id, Bytes key) const {
  auto cut = std::ranges::lower_bound(cuts_, id, {}, &Cut::node);
  // Of equal keys of a map the last one counts.
  const Cut* found = nullptr;
  for (; cut != cuts_.end() && cut->node == id; ++cut) {
    if (cut->key == key) found = &*cut;
  }
  return found;
}

bool Graph::has_large_tensor(NodeId id) const {
  return !is_verbatim(id) && std::ranges::binary_search(cuts_, id, {}, &Cut::node);
}

std::optional<Recipe> Graph::whole_attr(NodeId id, Bytes key) const {
  const std::optional<Bytes> value = attr(id, key);
  if (!value) return std::nullopt;
  const Cut* cut = find_cut(id, key);
  if (cut == nullptr) return Recipe(std::string(*value));
  std::string header;
  append_header(header, static_cast<std::uint32_t>(AttrKind::tensor), cut->tensor.size);
  Recipe whole(std::move(header));
  whole.add(source_, cut->tensor);
  return whole;
}

NodeDef Graph::node_def(NodeId id) const {
  NodeDef node = decode_node(skeleton(id));
  if (!has_large_tensor(id)) return node;
  for (NodeAttr& attr : node.attrs) attr.value = whole_attr(id, attr.key).value();
  return node;
}

// Control inputs come after all others. It is asked once for each edge, also of nodes with very many.
std::uint32_t data_input_count(std::span<const Edge> inputs) {
  const auto controls =
      std::ranges::partition_point(inputs, [](const Edge& input) { return !input.is_control(); });
  return static_cast<std::uint32_t>(controls - inputs.begin());
}

std::string tensor_name(Bytes node, std::uint32_t output) {
  return std::string(node) + ":" + std::to_string(output);
}

}  // namespace thaw::internal
