// What a checkpoint holds, told by an index or a list that may be broken in places.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "checks/findings.h"
#include "thaw/tensor.h"

namespace thaw::internal {

struct TensorKind {
  DType dtype = DType::invalid;
  Shape shape;
};

struct StoredTensors {
  std::map<std::string, TensorKind> tensors;  // by key; partitioned ones whole
  bool all = false;                           // the list was read whole: what is not in it is not there
  std::optional<std::string> object_graph;    // of an object checkpoint (subject/object_names.h), encoded
};

// How far reading has come, over all files.
class ReadingProgress {
 public:
  explicit ReadingProgress(const VerifyOptions& options) : options_(options) {}
  void expect(std::uint64_t bytes) { total_ += bytes; }
  // Throws interrupted when it was asked to stop.
  void add(std::uint64_t bytes) {
    done_ += bytes;
    if (options_.stop && options_.stop()) throw Error(ErrorKind::interrupted, "interrupted");
    if (options_.progress) options_.progress(done_, total_);
  }

 private:
  const VerifyOptions& options_;
  std::uint64_t done_ = 0, total_ = 0;
};

}  // namespace thaw::internal
