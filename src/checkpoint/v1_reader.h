// V1Reader: a checkpoint of TensorFlow's first format, which Saver wrote before version 0.12: one sorted
// table (checkpoint/table_writer.h) of SavedTensorSlices (core/util/saved_tensor_slice.proto).
//
//   key ""          field 1, SavedTensorSliceMeta {1 tensor*, 2 versions}
//   tensor          SavedSliceMeta {1 name, 2 shape, 3 type, 4 slice*}
//   a slice's key   checkpoint/ordered_code.h, for every slice of every tensor, the whole ones too
//   its value       field 2, SavedSlice {1 name, 2 slice, 3 TensorProto of values without type and shape}
#pragma once

#include <functional>

#include "checkpoint/bundle_messages.h"
#include "checkpoint/table_reader.h"

namespace thaw::internal {

struct V1Tensor {
  std::string name;
  DType dtype = DType::invalid;
  Shape shape;
  std::vector<Slice> slices;  // explicit
};

// The tensor from its slices. Throws malformed when they do not make it up.
Value join_slices(const V1Tensor& tensor, const std::function<Value(std::size_t slice)>& slice_value);

// The tensors that the value under the empty key lists. Throws malformed, or unsupported for later readers.
std::vector<V1Tensor> decode_v1_list(Bytes value);
// The value under a slice's key as a tensor of that type and shape. Throws malformed when it is another, or
// has more numbers or fewer.
Value decode_v1_slice(Bytes value, DType dtype, const Shape& shape);

class V1Reader {
 public:
  // Throws malformed or unsupported, naming the file.
  explicit V1Reader(const SourcePtr& file);

  const std::vector<V1Tensor>& tensors() const { return tensors_; }
  // One block of the file is in memory while the value is read. Throws malformed.
  Value value(const V1Tensor& tensor) const;
  // One of the tensor's slices, when it is in this file.
  Value slice_value(const V1Tensor& tensor, const Slice& slice) const;

 private:
  std::shared_ptr<const TableReader> table_;
  std::vector<V1Tensor> tensors_;
};

}  // namespace thaw::internal
