// Skeleton: a NodeDef (core/framework/node_def.proto) without the elements of its large tensors, small enough
// to be held for every node of a graph. Name and op stand first whatever the file's order; all other fields
// follow as they came.
#pragma once

#include <string>
#include <vector>

#include "wire/walk.h"

namespace thaw::internal {

// A tensor that was left out: attribute `key`, a TensorProto in the source.
struct LargeTensor {
  std::string key;
  Range tensor;
};

// Reads one node after the other into the same memory.
class SkeletonReader {
 public:
  // Throws malformed or unsupported.
  void read(const Field& node, Window& window);

  Bytes bytes() const { return bytes_; }
  Bytes name() const { return Bytes(bytes_).substr(name_at_, name_size_); }
  Bytes op() const { return Bytes(bytes_).substr(op_at_, op_size_); }
  std::size_t input_count() const { return input_count_; }
  const std::vector<LargeTensor>& large_tensors() const { return large_; }
  // The bytes are those of the file.
  bool is_verbatim() const { return verbatim_; }

 private:
  bool copy_small(Range node, Window& window);
  void copy_and_cut(Range node, Window& window);
  void forget_large(const Field& attr);
  bool cut_tensor(const Field& attr, Window& window);
  bool index(Bytes node);
  void put_name_first(Bytes node, Bytes name, Bytes op);

  std::string bytes_;
  std::size_t name_at_ = 0, name_size_ = 0, op_at_ = 0, op_size_ = 0;
  std::size_t input_count_ = 0;
  std::vector<LargeTensor> large_;
  bool verbatim_ = true;
};

}  // namespace thaw::internal
