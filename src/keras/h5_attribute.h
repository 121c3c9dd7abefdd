// Attributes of HDF5 objects that are text (File Format Specification, IV.A.2.m and III.E).
//
//   attribute     version:1 flags:1 name size:2 type size:2 shape size:2 [charset:1] name type shape values;
//                 in version 1 name, type and shape are padded to eight bytes
//   text          bytes of the type's size, or length:4 heap:8 index:4
//   global heap   "GCOL" 1:1 0:3 size:8, then  index:2 references:2 0:4 size:8 bytes, padded to eight
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "keras/h5_header.h"

namespace thaw::internal {

// A list of texts, or one of them.
struct H5Text {
  std::string name;
  std::vector<std::string> values;
  bool is_list = true;
};

// Nothing for attributes that are no text.
std::optional<H5Text> read_h5_text(H5Bytes& file, Bytes message);

}  // namespace thaw::internal
