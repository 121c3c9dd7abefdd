// Types and extents of HDF5 (File Format Specification, IV.A.2.b and IV.A.2.d).
//
//   datatype    version and class:1 bits:3 size:4, then what the class needs
//   dataspace   version 1: 1:1 rank:1 flags:1 0:5 dimension:8 …;  2: 2:1 rank:1 flags:1 kind:1 dimension:8 …
#pragma once

#include <string>

#include "keras/h5_bytes.h"
#include "thaw/tensor.h"

namespace thaw::internal {

struct H5Type {
  enum class Kind : std::uint8_t { number, string, string_reference, opaque, other };
  Kind kind = Kind::other;
  DType dtype = DType::invalid;  // of numbers that a checkpoint can hold
  bool big_endian = false;
  std::uint64_t size = 0;  // of one element in the file
};

H5Type read_h5_type(Bytes message);
// At most 32 dimensions, and fewer than 2^63 elements.
Shape read_h5_shape(Bytes message);

}  // namespace thaw::internal
