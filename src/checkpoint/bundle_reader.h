// BundleReader: a checkpoint that TensorFlow's V2 format holds: an index (checkpoint/table_writer.h,
// checkpoint/bundle_messages.h) and data files, in which tensors lie as their canonical bytes or as
// checkpoint/string_tensor.h says.
//
// The index is read whole when it is opened; everything it says of itself is checked then: sizes, data files,
// tensors that lie across each other (the same bytes under several keys are fine). Data files are opened when
// first needed.
#pragma once

#include <filesystem>
#include <functional>
#include <map>

#include "checkpoint/bundle_messages.h"
#include "thaw/destination.h"

namespace thaw::internal {

struct StoredTensor {
  std::string key;
  BundleEntry entry;
};

// Throws malformed for an entry whose bytes cannot be those of its type and shape, or in a data file that
// there is not.
void check_bundle_entry(const BundleEntry& entry, std::uint32_t shards);

class BundleReader {
 public:
  // Opens one of `shards` data files.
  using OpenShard = std::function<SourcePtr(std::uint32_t shard, std::uint32_t shards)>;

  // Throws malformed or unsupported, naming the index.
  BundleReader(SourcePtr index, OpenShard open_shard);

  std::uint32_t shards() const { return shards_; }
  // Sorted by key. As in TensorFlow's own lists, the parts of partitioned tensors are not among them.
  const std::vector<StoredTensor>& tensors() const { return tensors_; }
  // Null when there is none.
  const StoredTensor* find(Bytes key) const;

  // Parts of partitioned tensors come joined. Bytes read from front to back are verified on the way. Throws
  // malformed, unsupported for variants and resources, `bug` when there is no such key. For one thread.
  Value value(Bytes key);
  // Reads every byte of a tensor and verifies its checksum. Throws malformed.
  void check(Bytes key);

 private:
  void read_index(const SourcePtr& index);
  void hide_slices();
  void check_overlaps() const;
  SourcePtr shard(std::uint32_t number);
  Value stored(const BundleEntry& entry);
  Value joined(const StoredTensor& tensor);

  OpenShard open_shard_;
  std::uint32_t shards_ = 0;
  std::vector<StoredTensor> tensors_;
  std::vector<StoredTensor> parts_;  // under their slice keys, sorted
  std::map<std::uint32_t, SourcePtr> opened_;
};

// The checkpoint with this prefix, as files. Throws input_io when one is missing.
BundleReader open_bundle(const std::filesystem::path& prefix);
BundleReader open_bundle(const Destination& destination, const std::filesystem::path& prefix);

}  // namespace thaw::internal
