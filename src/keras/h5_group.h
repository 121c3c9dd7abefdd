// The members of an HDF5 group (File Format Specification, III.A, III.C, III.D and IV.A.2.g).
//
//   symbol table   tree:8 heap:8
//   tree           "TREE" 0:1 level:1 count:2 left:8 right:8, then key:8 child:8 each; level 0: children are
//   node           "SNOD" 1:1 0:1 count:2, then name in heap:8 header:8 cache:4 0:4 scratch:16 each
//   heap           "HEAP" 0:4 size:8 free:8 names:8
//   link message   1:1 flags:1 [type:1] [order:8] [charset:1] length:1,2,4,8 name, of hard links header:8
#pragma once

#include <string>
#include <vector>

#include "keras/h5_header.h"

namespace thaw::internal {

struct H5Member {
  std::string name;
  std::uint64_t header = 0;
};

bool is_h5_group(const std::vector<H5Message>& messages);
// Hard links only. Throws unsupported for groups whose members are in an index that only newer files have.
std::vector<H5Member> read_h5_members(H5Bytes& file, const std::vector<H5Message>& messages);

}  // namespace thaw::internal
