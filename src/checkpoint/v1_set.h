// V1Set: a checkpoint of TensorFlow's first format in one file, or in several as a sharded Saver wrote it.
//
//   model.ckpt                                            one file
//   model.ckpt-00000-of-00002, model.ckpt-00001-of-00002  several; the state file and users write
//                                                         model.ckpt-?????-of-00002 (tensor_slice_reader.cc)
// A file has tensors of its own, or some slices of a tensor that others have, too.
#pragma once

#include <filesystem>
#include <map>

#include "checkpoint/v1_reader.h"
#include "thaw/destination.h"

namespace thaw::internal {

// The files that `path` means: itself, those of a pattern or next to one of them, or those whose names begin
// with it. Empty when there are none. Throws input_io, naming it, when one of several is missing.
std::vector<std::filesystem::path> v1_files(const Destination& files, const std::filesystem::path& path);

// "model.ckpt" of all these: what the .meta beside them is named after (checkpoint_management.py).
std::filesystem::path v1_base(const std::filesystem::path& path);

class V1Set {
 public:
  // Throws malformed or unsupported, naming the file.
  explicit V1Set(const std::vector<SourcePtr>& files);

  const std::vector<V1Tensor>& tensors() const { return tensors_; }
  // Throws malformed for slices that do not make up the tensor.
  Value value(const V1Tensor& tensor) const;

 private:
  std::vector<V1Reader> readers_;
  std::vector<V1Tensor> tensors_;                           // with the slices of all files
  std::map<std::string, std::vector<std::size_t>> owners_;  // readers, for each slice of a tensor
};

}  // namespace thaw::internal
