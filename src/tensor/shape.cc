#include "tensor/shape.h"

#include <algorithm>

#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw {

bool Shape::fully_defined() const {
  return !unknown_rank_ && std::ranges::all_of(dims_, [](std::int64_t dim) { return dim >= 0; });
}

std::optional<std::int64_t> Shape::element_count() const {
  if (!fully_defined()) return std::nullopt;
  // An empty tensor is empty however large its other dimensions are.
  if (std::ranges::find(dims_, 0) != dims_.end()) return 0;
  std::int64_t count = 1;
  for (const std::int64_t dim : dims_) {
    if (__builtin_mul_overflow(count, dim, &count)) return std::nullopt;
  }
  return count;
}

std::string Shape::to_string() const {
  if (unknown_rank_) return "<unknown>";
  std::string text = "[";
  for (std::size_t i = 0; i < dims_.size(); ++i) {
    if (i != 0) text += ',';
    text += dims_[i] < 0 ? "?" : std::to_string(dims_[i]);
  }
  return text + "]";
}

namespace internal {

Shape decode_shape(Bytes message) {
  std::vector<std::int64_t> dims;
  bool unknown_rank = false;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is(3, WireType::varint)) unknown_rank = field.scalar != 0;
    if (!field.is_bytes(2)) continue;
    std::int64_t size = 0;
    MessageReader inner(field.payload);
    for (FieldView part; inner.next(part);) {
      if (part.is(1, WireType::varint)) size = static_cast<std::int64_t>(part.scalar);
    }
    if (size < -1) {
      throw Error(ErrorKind::malformed, "a dimension of " + std::to_string(size), "-1 (unknown) or more");
    }
    dims.push_back(size);
  }
  return unknown_rank ? Shape::of_unknown_rank() : Shape(std::move(dims));
}

std::string encode_shape(const Shape& shape) {
  std::string out;
  MessageWriter writer(out);
  for (const std::int64_t dim : shape.dims()) {
    std::string inner;
    if (dim != 0) MessageWriter(inner).integer(1, dim);
    writer.bytes(2, inner);
  }
  if (shape.unknown_rank()) writer.boolean(3, true);
  return out;
}

}  // namespace internal

}  // namespace thaw
