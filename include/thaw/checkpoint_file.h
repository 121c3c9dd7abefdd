// Checkpoints as files: read by key, written from values in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "thaw/checkpoint.h"
#include "thaw/destination.h"
#include "thaw/report.h"

namespace thaw {

struct CheckpointTensor {
  std::string key;
  DType dtype = DType::invalid;
  Shape shape;  // of the whole, when it is in parts
};

// A checkpoint of either format. For one thread.
class CheckpointReader {
 public:
  // `path`: its prefix, one of its files or its folder. Throws input_io, malformed, unsupported.
  explicit CheckpointReader(const std::filesystem::path& path,
                            const std::shared_ptr<Destination>& files = posix_destination());
  ~CheckpointReader();
  CheckpointReader(CheckpointReader&&) noexcept;
  CheckpointReader& operator=(CheckpointReader&&) noexcept;

  const std::filesystem::path& prefix() const;
  // Sorted by key.
  const std::vector<CheckpointTensor>& tensors() const;
  const CheckpointTensor* find(std::string_view key) const;  // null when absent
  // Checksums are verified while it is read from front to back. Throws usage when there is no such key,
  // unsupported for variants and resources, malformed, input_io.
  Value value(std::string_view key);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

struct CheckpointWriteOptions {
  bool force = false;       // replace an existing checkpoint
  bool keep_state = false;  // leave an existing `checkpoint` file alone
  bool sync = true;         // everything is on the medium when the call returns
  bool verify = false;      // read every byte back and compare it

  std::function<bool()> stop;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

// PREFIX.data-00000-of-00001, PREFIX.index and `checkpoint` beside them, byte for byte as TensorFlow's
// BundleWriter writes these values. All or nothing. Returns what was written. Throws usage for keys that are
// empty or taken twice, unsupported for values that a checkpoint cannot hold, output_exists, output_io.
std::vector<ReportedFile> write_checkpoint(
    const CheckpointContents& contents, const std::filesystem::path& prefix,
    const CheckpointWriteOptions& options = {},
    const std::shared_ptr<Destination>& destination = posix_destination());

// The file `checkpoint` in a folder (python/training/checkpoint_state.proto).
struct FolderState {
  std::string latest;            // as the file has it: relative to the folder unless absolute
  std::vector<std::string> all;  // oldest first
};

// Nothing when there is no such file. `file_name`: what it is called. Throws malformed for one that is none.
std::optional<FolderState> read_folder_state(const std::filesystem::path& folder,
                                             const std::string& file_name = "checkpoint",
                                             const std::shared_ptr<Destination>& files = posix_destination());
// Whether there is a checkpoint of that prefix, of either format.
bool checkpoint_exists(const std::filesystem::path& prefix,
                       const std::shared_ptr<Destination>& files = posix_destination());

}  // namespace thaw
