// StoredSet: the tensors of a checkpoint of either format, by key.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "subject/find_checkpoint.h"
#include "thaw/tensor.h"

namespace thaw::internal {

struct StoredEntry {
  std::string key;
  std::string name;  // what TensorFlow 2 calls the variable (subject/object_names.h); else the key
  DType dtype = DType::invalid;
  Shape shape;
  std::uint64_t bytes = 0;  // in the data file; of strings as they lie there; 0 where that is not known
};

// For one thread.
class StoredSet {
 public:
  virtual ~StoredSet() = default;

  // Sorted by key. The parts of a partitioned tensor are one entry.
  const std::vector<StoredEntry>& entries() const { return entries_; }
  const StoredEntry* find(Bytes key) const;  // null when absent
  // "checkpoint", "object checkpoint", "checkpoint of the first format"
  const std::string& format() const { return format_; }
  const std::filesystem::path& prefix() const { return prefix_; }
  // Those that were opened by now or are known to belong to it: index and data files, or the first format's.
  virtual std::vector<std::filesystem::path> files() const = 0;

  // Throws malformed, unsupported for variants and resources, input_io when the data file is missing, `bug`
  // when there is no such key. Bytes read from front to back are verified on the way.
  virtual Value value(Bytes key) = 0;
  // Reads every byte of an entry and verifies its checksums. Throws malformed, input_io.
  virtual void check(Bytes key) = 0;

 protected:
  void take_names();  // once `entries_` is complete: object names, order

  std::vector<StoredEntry> entries_;
  std::string format_;
  std::filesystem::path prefix_;
};

// `files` must outlive it. Throws malformed or unsupported, naming the file.
std::unique_ptr<StoredSet> open_stored_set(const Destination& files, const FoundCheckpoint& checkpoint);

}  // namespace thaw::internal
