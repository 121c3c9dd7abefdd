// A new HDF5 file: groups, texts on them, and datasets that lie in it as they are (File Format Specification,
// version 3.0). Any HDF5 since 1.8 reads it.
//
//   superblock 0     96 bytes, as in h5_file.h; the root's header follows
//   header           1:1 0:1 messages:2 references:4 size:4 0:4, then kind:2 size:2 flags:1 0:3 data, in
//   eights of groups        2 link info {0:1 0:1 heap:8 names:8, both undefined}, 10 group info {0:1 0:1},
//   and for each member
//                    6 link {1:1 flags:1 length:2 name header:8}
//   of datasets      1 dataspace, 3 datatype, 5 fill value {2:1 2:1 2:1 0:1}, 8 layout {3:1 1:1 at:8 size:8}
//   of both          12 attribute {1:1 0:1 name:2 type:2 space:2, then each in eights, then the texts}
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/recipe.h"
#include "keras/h5_attribute.h"
#include "thaw/tensor.h"

namespace thaw::internal {

class H5Group {
 public:
  // The member of that name, made when it is not there. Throws bug when it is a dataset.
  H5Group& group(const std::string& name);
  // Throws usage when there is a member of that name.
  void add(const std::string& name, Value value);
  void add(H5Text text) { texts_.push_back(std::move(text)); }

 private:
  friend class H5Layout;
  struct Member {
    std::string name;
    std::unique_ptr<H5Group> group;  // or
    std::unique_ptr<Value> value;
  };
  Member* find(const std::string& name);

  std::vector<Member> members_;
  std::vector<H5Text> texts_;
};

// Throws unsupported for types that HDF5 has no number for, and for texts above the 64 KiB of an attribute.
Recipe write_h5(const H5Group& root);

}  // namespace thaw::internal
