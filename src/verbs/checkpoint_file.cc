#include "thaw/checkpoint_file.h"

#include "checkpoint/bundle_names.h"
#include "checkpoint/state_file.h"
#include "subject/find_checkpoint.h"
#include "subject/stored_set.h"
#include "thaw/error.h"
#include "verbs/publish_checkpoint.h"

namespace thaw {

using namespace internal;

struct CheckpointReader::Parts {
  std::shared_ptr<Destination> files;  // outlives the set
  std::unique_ptr<StoredSet> set;
  std::vector<CheckpointTensor> tensors;
};

CheckpointReader::CheckpointReader(const std::filesystem::path& path,
                                   const std::shared_ptr<Destination>& files)
    : parts_(std::make_unique<Parts>()) {
  const std::optional<FoundCheckpoint> found = find_checkpoint(*files, path);
  if (!found) {
    throw Error(ErrorKind::input_io, "there is no checkpoint " + thaw::quoted(path.string()),
                "the prefix of a checkpoint, one of its files or its folder",
                "give the part of the name before '.index'");
  }
  parts_->files = files;
  parts_->set = open_stored_set(*files, *found);
  for (const StoredEntry& entry : parts_->set->entries())
    parts_->tensors.push_back({entry.key, entry.dtype, entry.shape});
}

CheckpointReader::~CheckpointReader() = default;
CheckpointReader::CheckpointReader(CheckpointReader&&) noexcept = default;
CheckpointReader& CheckpointReader::operator=(CheckpointReader&&) noexcept = default;

const std::filesystem::path& CheckpointReader::prefix() const { return parts_->set->prefix(); }

const std::vector<CheckpointTensor>& CheckpointReader::tensors() const { return parts_->tensors; }

const CheckpointTensor* CheckpointReader::find(std::string_view key) const {
  const StoredEntry* entry = parts_->set->find(key);
  return entry == nullptr ? nullptr
                          : &parts_->tensors[static_cast<std::size_t>(entry - parts_->set->entries().data())];
}

Value CheckpointReader::value(std::string_view key) {
  if (find(key) == nullptr) {
    throw Error(ErrorKind::usage,
                "the checkpoint " + thaw::quoted(prefix().string()) + " has no tensor " + thaw::quoted(key),
                "one of its keys", "list them first");
  }
  return parts_->set->value(key);
}

std::vector<ReportedFile> write_checkpoint(const CheckpointContents& contents,
                                           const std::filesystem::path& prefix,
                                           const CheckpointWriteOptions& options,
                                           const std::shared_ptr<Destination>& destination) {
  const SourcePtr none = memory_source({});  // every value brings its own source
  return publish_checkpoint(*none, contents, {prefix, destination}, publish_wishes(options));
}

std::optional<FolderState> read_folder_state(const std::filesystem::path& folder,
                                             const std::string& file_name,
                                             const std::shared_ptr<Destination>& files) {
  const std::filesystem::path path = folder / file_name;
  if (!files->exists(path) || is_folder(*files, path)) return std::nullopt;
  CheckpointState state = read_state(*files->open(path));
  return FolderState{std::move(state.latest), std::move(state.all)};
}

bool checkpoint_exists(const std::filesystem::path& prefix, const std::shared_ptr<Destination>& files) {
  if (files->exists(index_path(prefix))) return true;
  const std::optional<FoundCheckpoint> found = find_checkpoint(*files, prefix);
  return found && found->prefix == prefix;
}

}  // namespace thaw
