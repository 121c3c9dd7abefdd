#include "tensor/tensor_form.h"

#include <algorithm>

#include "tensor/dtype.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::uint32_t kTensorContent = 4;
constexpr std::uint64_t kComparedBlock = 64 * 1024;  // a multiple of every element's size

// The first `elements` elements, in blocks of whole ones.
void for_each_block(const Value& value, std::uint64_t elements, const Sink& sink) {
  std::uint64_t left = elements * element_size(value.dtype());
  if (left == 0) return;
  const auto stream = value.open();
  std::string block;
  for (; left > 0; left -= block.size()) {
    block.resize(static_cast<std::size_t>(std::min(left, kComparedBlock)));
    stream->read(std::as_writable_bytes(std::span(block)));
    sink(block);
  }
}

bool is_signed(DType dtype) {
  switch (dtype) {
    case DType::int8:
    case DType::int16:
    case DType::int32:
    case DType::int64:
    case DType::qint8:
    case DType::qint16:
    case DType::qint32:
    case DType::int4:
    case DType::int2:
      return true;
    default:
      return false;
  }
}

// Elements as protobuf has them in a packed list: numbers of any width become varints, all else stays.
std::string pack(const DTypeRow& row, Bytes elements) {
  if (row.item != ListItem::varint) return std::string(elements);
  std::string packed;
  const bool with_sign = is_signed(row.dtype);
  const unsigned unused = 64 - 8 * row.size;
  for (std::size_t at = 0; at < elements.size(); at += row.size) {
    std::uint64_t item = 0;
    for (std::size_t i = row.size; i-- > 0;) item = item << 8 | static_cast<unsigned char>(elements[at + i]);
    if (with_sign) item = static_cast<std::uint64_t>(static_cast<std::int64_t>(item << unused) >> unused);
    append_varint(packed, item);
  }
  return packed;
}

// Whether every element from number `items` on equals the one before it; with no item, whether all are zero.
bool repeats_from(const Value& value, std::uint64_t items) {
  const std::size_t size = element_size(value.dtype());
  const std::uint64_t first = items * size;
  std::string last(size, '\0');
  std::uint64_t at = 0;
  bool same = true;
  for_each_block(value, static_cast<std::uint64_t>(value.element_count()), [&](Bytes block) {
    for (std::size_t i = 0; i < block.size() && same; i += size, at += size) {
      const Bytes element = block.substr(i, size);
      if (at + size == first) last = element;
      same = at < first || element == last;
    }
  });
  return same;
}

Recipe with_strings(std::string head, const Value& value, std::uint64_t items) {
  std::vector<std::string> texts;
  value.for_each_string([&](Bytes element) { texts.emplace_back(element); });
  const std::string last = items == 0 ? "" : items <= texts.size() ? texts[items - 1] : "";
  const bool repeats =
      items < texts.size() && std::all_of(
                                  texts.begin() + static_cast<std::ptrdiff_t>(items), texts.end(),
                                  [&](const std::string& text) { return text == last; });
  if (repeats) texts.resize(items);
  for (const std::string& text : texts) MessageWriter(head).bytes(row_of(DType::string).list_field, text);
  return Recipe(std::move(head));
}

Recipe with_list(std::string head, const Value& value, std::uint64_t items) {
  const DTypeRow& row = row_of(value.dtype());
  std::uint64_t size = items * row.size;
  if (row.item == ListItem::varint) {
    size = 0;
    for_each_block(value, items, [&](Bytes block) { size += pack(row, block).size(); });
  }
  if (size == 0) return Recipe(std::move(head));
  append_header(head, row.list_field, size);
  Recipe tensor(std::move(head));
  tensor.add(size, [value, items, &row](const Sink& sink) {
    for_each_block(value, items, [&](Bytes block) { sink(pack(row, block)); });
  });
  return tensor;
}

Recipe with_content(std::string head, const Value& value) {
  append_header(head, kTensorContent, value.byte_size());
  Recipe tensor(std::move(head));
  ReadPart read_part;
  if (value.seekable())
    read_part = [value](std::uint64_t at, std::span<std::byte> into) { value.open(at)->read(into); };
  tensor.add(value.byte_size(), [value](const Sink& sink) { value.pour(sink); }, std::move(read_part));
  return tensor;
}

// make_tensor_proto keeps these in lists whatever their number.
bool is_always_listed(DType dtype) {
  return dtype == DType::boolean || dtype == DType::complex64 || dtype == DType::complex128 ||
         dtype == DType::uint16 || dtype == DType::int4 || dtype == DType::uint4 || dtype == DType::int2 ||
         dtype == DType::uint2;
}

bool is_content(const Value& value, const TensorForm& form) {
  if (form.kind != TensorForm::Kind::usual) return form.kind == TensorForm::Kind::content;
  return is_usually_content(value.dtype(), value.element_count());
}

}  // namespace

bool is_usually_content(DType dtype, std::int64_t count) {
  return count > 1 && dtype != DType::string && !is_always_listed(dtype);
}

Recipe encode_tensor(const Value& value, const TensorForm& form) {
  std::string head;
  MessageWriter(head)
      .integer(1, static_cast<std::int64_t>(value.dtype()))
      .bytes(2, encode_shape(value.shape()));
  const auto count = static_cast<std::uint64_t>(value.element_count());
  const bool wished = form.kind == TensorForm::Kind::list && form.items < count;
  if (value.dtype() == DType::string)
    return with_strings(std::move(head), value, wished ? form.items : count);
  if (count == 0) return Recipe(std::move(head));
  if (is_content(value, form)) return with_content(std::move(head), value);
  const bool shortened = wished && repeats_from(value, form.items);
  return with_list(std::move(head), value, shortened ? form.items : count);
}

}  // namespace thaw::internal
