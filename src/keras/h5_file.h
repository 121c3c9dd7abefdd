// An HDF5 file as Keras writes it: which datasets there are, and where their bytes lie. Enough to read values
// and to put others of the same size in their place; nothing is decompressed.
//
//   "\x89HDF\r\n\x1a\n"  version 0 or 1: 0:4 offsets:1 lengths:1 0:1 leaf:2 inner:2 flags:4 [inner:2 0:2]
//                        base:8 free:8 end:8 driver:8, and of the root  name:8 header:8
//                        version 2 or 3: offsets:1 lengths:1 flags:1 base:8 extension:8 end:8 root:8 checksum
#pragma once

#include <map>
#include <string>
#include <vector>

#include "thaw/source.h"
#include "thaw/tensor.h"

namespace thaw::internal {

struct H5Dataset {
  std::string path;  // "layers/dense/vars/0"
  DType dtype = DType::invalid;
  Shape shape;
  Range data;         // its bytes in the file
  std::string fault;  // why they cannot be used, "is compressed"; empty when they can
};

struct H5File {
  std::vector<H5Dataset> datasets;  // members of a group by their names
  // Texts of objects: by path ("" is the root), then by name.
  std::map<std::string, std::map<std::string, std::vector<std::string>>> texts;

  const std::vector<std::string>* text(const std::string& path, const std::string& name) const;
};

bool looks_like_h5(Bytes front);

// Throws malformed, and unsupported for layouts that Keras does not write.
H5File read_h5(const SourcePtr& source);

}  // namespace thaw::internal
