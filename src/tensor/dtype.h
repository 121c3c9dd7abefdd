// What TensorFlow's protos say of each DType, one row each; the rest of the library asks here.
#pragma once

#include <cstdint>

#include "thaw/tensor.h"

namespace thaw::internal {

// Which repeated field of TensorProto holds the elements of a dtype (core/framework/tensor.proto) and how one
// item of it becomes an element's bytes.
enum class ListItem : std::uint8_t {
  none,     // strings, resources, variants
  fixed32,  // float_val, scomplex_val: four bytes each
  fixed64,  // double_val, dcomplex_val
  varint,   // int_val and its kin: the low bytes of the number
  bytes,    // float8_val: one bytes field, one byte an element
};

struct DTypeRow {
  DType dtype;
  std::string_view name;
  std::uint8_t size;        // bytes of an element in a checkpoint; 0: no fixed size
  std::uint8_t list_field;  // field number in TensorProto; 0: none
  ListItem item;
  std::uint8_t items;  // items per element: 2 for complex numbers
  bool trainable;      // half, bfloat16, float, double
};

const DTypeRow& row_of(DType dtype);

}  // namespace thaw::internal
