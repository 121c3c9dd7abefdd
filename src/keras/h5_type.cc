#include "keras/h5_type.h"

namespace thaw::internal {

namespace {

enum Class : std::uint8_t { kFixed = 0, kFloat = 1, kString = 3, kOpaque = 5, kEnum = 8, kVariable = 9 };

DType fixed_type(std::uint64_t size, bool is_signed) {
  switch (size) {
    case 1:
      return is_signed ? DType::int8 : DType::uint8;
    case 2:
      return is_signed ? DType::int16 : DType::uint16;
    case 4:
      return is_signed ? DType::int32 : DType::uint32;
    case 8:
      return is_signed ? DType::int64 : DType::uint64;
    default:
      return DType::invalid;
  }
}

// Two bytes with five bits of exponent are a half; with eight they are a bfloat16.
DType float_type(std::uint64_t size, Bytes properties) {
  H5Fields fields(properties);
  fields.skip(5);
  const std::uint8_t exponent = fields.u8();
  if (size == 2) return exponent == 5 ? DType::float16 : exponent == 8 ? DType::bfloat16 : DType::invalid;
  if (size == 4 && exponent == 8) return DType::float32;
  return size == 8 && exponent == 11 ? DType::float64 : DType::invalid;
}

}  // namespace

H5Type read_h5_type(Bytes message) {
  H5Fields fields(message);
  const std::uint8_t kind = fields.u8() & 0x0F;
  const std::uint64_t bits = fields.number(3);
  H5Type type;
  type.size = fields.u32();
  if (type.size == 0) fail_h5("a type of no size", "at least one byte");
  if (kind == kFixed || kind == kFloat) {
    type.kind = H5Type::Kind::number;
    type.big_endian = (bits & 1) != 0 && type.size > 1;
    type.dtype =
        kind == kFixed ? fixed_type(type.size, (bits & 8) != 0) : float_type(type.size, fields.rest());
  } else if (kind == kEnum && type.size == 1) {
    type.kind = H5Type::Kind::number;  // h5py's bool
    type.dtype = DType::boolean;
  } else if (kind == kString) {
    type.kind = H5Type::Kind::string;
  } else if (kind == kVariable && (bits & 0x0F) == 1) {
    type.kind = H5Type::Kind::string_reference;
  } else if (kind == kOpaque) {
    type.kind = H5Type::Kind::opaque;
  }
  return type;
}

Shape read_h5_shape(Bytes message) {
  constexpr std::size_t kMostDimensions = 32;
  H5Fields fields(message);
  const std::uint8_t version = fields.u8(), rank = fields.u8();
  fields.skip(1);
  if ((version != 1 && version != 2) || rank > kMostDimensions)
    fail_h5("a shape of an unknown kind", "at most 32 dimensions");
  const bool null = fields.number(version == 1 ? 5 : 1) == 2 && version == 2;
  std::vector<std::int64_t> dims;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::uint64_t dim = fields.u64();
    if (dim > INT64_MAX) fail_h5("a dimension of " + std::to_string(dim), "below 2^63");
    dims.push_back(static_cast<std::int64_t>(dim));
  }
  if (null) dims = {0};
  Shape shape(std::move(dims));
  if (!shape.element_count()) fail_h5("the shape " + shape.to_string(), "fewer than 2^63 elements");
  return shape;
}

}  // namespace thaw::internal
