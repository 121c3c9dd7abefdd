#include "model/skeleton.h"

#include "messages/attr_value.h"
#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kInlineTensor = 256;
// At most what a window reads at least, so that no weight is read on the way.
constexpr std::uint64_t kSmallNode = 4096;
// Names, operations and attributes without their tensors; far above anything real.
constexpr std::uint64_t kSkeletonLimit = 1u << 30;

void append_field(std::string& out, const Field& field, Window& window) {
  const std::uint64_t end = field.end(window);
  const std::uint64_t size = end - field.begin;
  if (size > kSkeletonLimit)
    throw Error(ErrorKind::unsupported, "an attribute of " + std::to_string(size) + " bytes", "below 1 GiB");
  const std::size_t at = out.size();
  out.resize(at + static_cast<std::size_t>(size));
  window.seek(field.begin);
  window.copy(size, out.data() + at);
}

}  // namespace

void SkeletonReader::read(const Field& node, Window& window) {
  bytes_.clear();
  large_.clear();
  name_at_ = name_size_ = op_at_ = op_size_ = 0;
  verbatim_ = true;
  if (copy_small(node.payload, window)) return;
  copy_and_cut(node.payload, window);
  index(bytes_);
}

// Most nodes are small and have no tensor worth leaving out: those are copied as they are.
bool SkeletonReader::copy_small(Range node, Window& window) {
  if (node.size > kSmallNode) return false;
  if (window.at() != node.at) window.seek(node.at);
  const auto size = static_cast<std::size_t>(node.size);
  const Bytes bytes = window.peek(size).substr(0, size);
  try {
    if (!index(bytes)) return false;
  } catch (const Error&) {  // the other way tells where
    return false;
  }
  window.advance(size);
  return true;
}

void SkeletonReader::copy_and_cut(Range node, Window& window) {
  Walk walk(window, node);
  for (Field field; walk.next(field);) {
    const bool may_be_large = field.is_bytes(5) && field.payload.size > kInlineTensor;
    if (!may_be_large || !cut_tensor(field, window)) {
      append_field(bytes_, field, window);
      if (field.is_bytes(5)) forget_large(field);
    }
    if (field.is_bytes(1)) {  // for errors in what follows
      name_at_ = bytes_.size() - static_cast<std::size_t>(field.payload.size);
      name_size_ = static_cast<std::size_t>(field.payload.size);
    }
  }
}

// Of equal keys of a map the last one counts: the attribute just appended hides a large one before it.
void SkeletonReader::forget_large(const Field& attr) {
  if (large_.empty()) return;
  const Bytes entry = Bytes(bytes_).substr(bytes_.size() - static_cast<std::size_t>(attr.payload.size));
  Bytes key;
  MessageReader reader(entry);
  for (FieldView part; reader.next(part);) {
    if (part.is_bytes(1)) key = part.payload;
  }
  std::erase_if(large_, [&](const LargeTensor& tensor) { return tensor.key == key; });
}

// A map entry {1 key, 2 AttrValue}; replaced by one whose tensor has only dtype and shape when that tensor is
// large.
bool SkeletonReader::cut_tensor(const Field& field, Window& window) {
  Range value, tensor;
  std::string key;
  Walk entry(window, field.payload);
  for (Field part; entry.next(part);) {
    if (part.is_bytes(1)) key = read_payload(window, part.payload, kSkeletonLimit);
    if (!part.is_bytes(2)) continue;
    if (value.at != 0) fail_two_parts("an entry of a map");
    value = part.payload;
  }
  std::size_t members = 0;
  Walk attr(window, value);
  for (Field part; attr.next(part); ++members) {
    if (part.is_bytes(8)) tensor = part.payload;
  }
  if (tensor.size <= kInlineTensor) return false;
  if (members != 1)
    throw Error(ErrorKind::malformed, "attribute " + thaw::quoted(key) + " has several values",
                "one of AttrValue's members");

  std::string head;
  Walk walk(window, tensor);
  for (Field part; walk.next(part);) {
    if (part.number == 1 || part.number == 2) append_field(head, part, window);
  }
  std::string small;
  MessageWriter(small).bytes(1, key).bytes(2, attr_of_tensor(head));
  MessageWriter(bytes_).bytes(5, small);
  large_.push_back({std::move(key), tensor});
  verbatim_ = false;
  return true;
}

// Finds name and op. False when an attribute may hold a large tensor.
bool SkeletonReader::index(Bytes node) {
  FieldView name, op;  // of repeated ones the last counts
  bool may_be_large = false;
  input_count_ = 0;
  MessageReader reader(node);
  for (FieldView part; reader.next(part);) {
    if (part.is_bytes(1)) name = part;
    if (part.is_bytes(2)) op = part;
    if (part.is_bytes(3)) ++input_count_;
    if (!part.is_bytes(5)) continue;
    // Refused here or never: nodes that nothing changes are copied without a further look.
    read_map_entry(part.payload);
    may_be_large |= part.payload.size() > kInlineTensor;
  }
  if (may_be_large && node.data() != bytes_.data()) return false;
  const auto place = [&](Bytes part) {
    return part.empty() ? 0 : static_cast<std::size_t>(part.data() - node.data());
  };
  name_at_ = place(name.payload), name_size_ = name.payload.size();
  op_at_ = place(op.payload), op_size_ = op.payload.size();
  const bool in_order =
      name.whole.data() == node.data() && op.whole.data() == name.whole.data() + name.whole.size();
  if (!in_order && name_size_ > 0 && op_size_ > 0) {
    put_name_first(node, name.payload, op.payload);
  } else if (node.data() != bytes_.data()) {
    bytes_.assign(node);
  }
  return true;
}

void SkeletonReader::put_name_first(Bytes node, Bytes name, Bytes op) {
  std::string ordered;
  MessageWriter(ordered).bytes(1, name);
  name_at_ = ordered.size() - name.size(), name_size_ = name.size();
  MessageWriter(ordered).bytes(2, op);
  op_at_ = ordered.size() - op.size(), op_size_ = op.size();
  MessageReader reader(node);
  for (FieldView part; reader.next(part);) {
    if (!part.is_bytes(1) && !part.is_bytes(2)) ordered.append(part.whole);
  }
  bytes_.swap(ordered);
  verbatim_ = false;
}

}  // namespace thaw::internal
