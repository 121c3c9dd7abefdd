#include "keras/h5_attribute.h"

#include "keras/h5_type.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kMostValues = 1u << 20;

std::uint64_t padded(std::uint64_t size) { return (size + 7) & ~std::uint64_t{7}; }

std::string until_zero(Bytes text) { return std::string(text.substr(0, text.find('\0'))); }

std::string from_heap(H5Bytes& file, std::uint64_t heap, std::uint32_t index, std::uint32_t length) {
  const std::string head = file.block(heap, 16);
  H5Fields fields(head);
  if (fields.take(4) != "GCOL")
    fail_h5("a text without its heap", "a global heap at " + std::to_string(heap));
  fields.skip(4);
  const std::uint64_t end = fields.u64();
  for (std::uint64_t at = 16; at + 16 <= end;) {
    const std::string object = file.block(heap + at, 16);
    H5Fields entry(object);
    const std::uint16_t own = entry.u16();
    entry.skip(6);
    const std::uint64_t size = entry.u64();
    if (own == 0 || size > end) break;
    if (own == index) return file.block(heap + at + 16, length < size ? length : size);
    at += 16 + padded(size);
  }
  fail_h5("a text that its heap does not hold", "object " + std::to_string(index));
}

std::string value_at(H5Bytes& file, const H5Type& type, H5Fields& values) {
  if (type.kind == H5Type::Kind::string) return until_zero(values.take(type.size));
  const std::uint32_t length = values.u32();
  const std::uint64_t heap = values.u64();
  const std::uint32_t index = values.u32();
  return length == 0 ? "" : until_zero(from_heap(file, heap, index, length));
}

}  // namespace

std::optional<H5Text> read_h5_text(H5Bytes& file, Bytes message) {
  H5Fields fields(message);
  const std::uint8_t version = fields.u8();
  if (version < 1 || version > 3) fail_h5("an attribute of an unknown version", "1 to 3");
  const std::uint8_t flags = fields.u8();
  std::uint64_t sizes[3];
  for (std::uint64_t& size : sizes) size = fields.u16();
  if (version == 3) fields.skip(1);
  const auto take = [&](std::uint64_t size) { return fields.take(version == 1 ? padded(size) : size); };
  H5Text text;
  text.name = until_zero(take(sizes[0]));
  const Bytes type_bytes = take(sizes[1]), shape_bytes = take(sizes[2]);
  if (version > 1 && flags != 0) return std::nullopt;  // a type that is kept elsewhere
  const H5Type type = read_h5_type(type_bytes);
  if (type.kind != H5Type::Kind::string && type.kind != H5Type::Kind::string_reference) return std::nullopt;
  const auto count = static_cast<std::uint64_t>(*read_h5_shape(shape_bytes).element_count());
  if (count > kMostValues) fail_h5("an attribute of " + std::to_string(count) + " texts", "fewer");
  for (std::uint64_t i = 0; i < count; ++i) text.values.push_back(value_at(file, type, fields));
  return text;
}

}  // namespace thaw::internal
