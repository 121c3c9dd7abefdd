#include "tensor/dtype.h"

#include <algorithm>
#include <array>

namespace thaw {

namespace internal {

namespace {

constexpr std::array kDTypeRows = std::to_array<DTypeRow>({
    {DType::invalid, "invalid", 0, 0, ListItem::none, 1, false},
    {DType::float32, "float32", 4, 5, ListItem::fixed32, 1, true},
    {DType::float64, "float64", 8, 6, ListItem::fixed64, 1, true},
    {DType::int32, "int32", 4, 7, ListItem::varint, 1, false},
    {DType::uint8, "uint8", 1, 7, ListItem::varint, 1, false},
    {DType::int16, "int16", 2, 7, ListItem::varint, 1, false},
    {DType::int8, "int8", 1, 7, ListItem::varint, 1, false},
    {DType::string, "string", 0, 8, ListItem::none, 1, false},
    {DType::complex64, "complex64", 8, 9, ListItem::fixed32, 2, false},
    {DType::int64, "int64", 8, 10, ListItem::varint, 1, false},
    {DType::boolean, "bool", 1, 11, ListItem::varint, 1, false},
    {DType::qint8, "qint8", 1, 7, ListItem::varint, 1, false},
    {DType::quint8, "quint8", 1, 7, ListItem::varint, 1, false},
    {DType::qint32, "qint32", 4, 7, ListItem::varint, 1, false},
    {DType::bfloat16, "bfloat16", 2, 13, ListItem::varint, 1, true},
    {DType::qint16, "qint16", 2, 7, ListItem::varint, 1, false},
    {DType::quint16, "quint16", 2, 7, ListItem::varint, 1, false},
    {DType::uint16, "uint16", 2, 7, ListItem::varint, 1, false},
    {DType::complex128, "complex128", 16, 12, ListItem::fixed64, 2, false},
    {DType::float16, "float16", 2, 13, ListItem::varint, 1, true},
    {DType::resource, "resource", 0, 14, ListItem::none, 1, false},
    {DType::variant, "variant", 0, 15, ListItem::none, 1, false},
    {DType::uint32, "uint32", 4, 16, ListItem::varint, 1, false},
    {DType::uint64, "uint64", 8, 17, ListItem::varint, 1, false},
    {DType::float8_e5m2, "float8_e5m2", 1, 18, ListItem::bytes, 1, false},
    {DType::float8_e4m3fn, "float8_e4m3fn", 1, 18, ListItem::bytes, 1, false},
    {DType::float8_e4m3fnuz, "float8_e4m3fnuz", 1, 18, ListItem::bytes, 1, false},
    {DType::float8_e4m3b11fnuz, "float8_e4m3b11fnuz", 1, 18, ListItem::bytes, 1, false},
    {DType::float8_e5m2fnuz, "float8_e5m2fnuz", 1, 18, ListItem::bytes, 1, false},
    {DType::int4, "int4", 1, 7, ListItem::varint, 1, false},
    {DType::uint4, "uint4", 1, 7, ListItem::varint, 1, false},
    {DType::int2, "int2", 1, 7, ListItem::varint, 1, false},
    {DType::uint2, "uint2", 1, 7, ListItem::varint, 1, false},
    {DType::float4_e2m1fn, "float4_e2m1fn", 1, 18, ListItem::bytes, 1, false},
});

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < kDTypeRows.size(); ++i) {
    if (static_cast<std::size_t>(kDTypeRows[i].dtype) != i) return false;
  }
  return true;
}
static_assert(rows_are_in_order());

}  // namespace

const DTypeRow& row_of(DType dtype) { return kDTypeRows[static_cast<std::size_t>(dtype)]; }

}  // namespace internal

std::optional<DType> dtype_of_number(std::int64_t number) {
  if (number <= 0 || number >= static_cast<std::int64_t>(internal::kDTypeRows.size())) return std::nullopt;
  return static_cast<DType>(number);
}

std::string_view name_of(DType dtype) { return internal::row_of(dtype).name; }

std::optional<DType> dtype_of_name(std::string_view name) {
  const auto found = std::ranges::find(internal::kDTypeRows, name, &internal::DTypeRow::name);
  if (found == internal::kDTypeRows.end() || found->dtype == DType::invalid) return std::nullopt;
  return found->dtype;
}

std::size_t element_size(DType dtype) { return internal::row_of(dtype).size; }

bool is_trainable_float(DType dtype) { return internal::row_of(dtype).trainable; }

}  // namespace thaw
