#include "io/file_publication.h"

#include "io/read_back.h"
#include "io/staging.h"

namespace thaw::internal {

FilePublication::FilePublication(std::shared_ptr<Destination> destination, std::filesystem::path path,
                                 PublicationOptions options)
    : destination_(std::move(destination)),
      path_(std::move(path)),
      options_(std::move(options)),
      staged_(temporary_beside(path_, next_run(*destination_))) {
  check_stop(options_.stop);
  made_folders_ = destination_->make_folders(path_.parent_path());
  try {
    const auto held = destination_->hold(path_.parent_path(), options_.stop);
    for (const auto& dead : left_by_the_dead(*destination_, path_)) destination_->remove(dead);
    if (!options_.force) refuse_taken(*destination_, path_, "file");
  } catch (...) {
    abandon();
    throw;
  }
}

FilePublication::~FilePublication() {
  if (!done_) abandon();
}

void FilePublication::begin(std::uint64_t size) { file_ = destination_->create(staged_, size); }

void FilePublication::append(Bytes bytes) {
  check_stop(options_.stop);
  file_->append(bytes);
}

SourcePtr FilePublication::finish() {
  file_->close(options_.sync);
  return read_back(*destination_, staged_);
}

void FilePublication::commit() {
  check_stop(options_.stop);
  const auto held = destination_->hold(path_.parent_path(), options_.stop);
  if (!options_.force) refuse_taken(*destination_, path_, "file");
  if (options_.sync) {
    for (const auto& folder : made_folders_) destination_->sync_folder(folder.parent_path());
  }
  destination_->rename(staged_, path_);
  done_ = true;
  if (!options_.sync) return;
  though_published("the file itself is complete", [&] { destination_->sync_folder(path_.parent_path()); });
}

void FilePublication::abandon() noexcept {
  try {
    if (file_) destination_->remove(staged_);
  } catch (const std::exception&) {
    return;  // the next run removes it
  }
  for (auto folder = made_folders_.rbegin(); folder != made_folders_.rend(); ++folder)
    destination_->remove_empty_folder(*folder);
}

}  // namespace thaw::internal
