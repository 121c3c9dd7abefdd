#include "io/file_publication.h"

#include <atomic>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr const char* kMark = ".thaw-";

std::string temporary_start(const std::filesystem::path& path) {
  return "." + path.filename().string() + kMark;
}

std::filesystem::path temporary_name(const Destination& destination, const std::filesystem::path& path) {
  static std::atomic<unsigned> count = 0;
  return path.parent_path() /
         (temporary_start(path) + destination.run_mark() + "-" + std::to_string(count++));
}

}  // namespace

FilePublication::FilePublication(std::shared_ptr<Destination> destination, std::filesystem::path path,
                                 PublicationOptions options)
    : destination_(std::move(destination)),
      path_(std::move(path)),
      options_(std::move(options)),
      staged_(temporary_name(*destination_, path_)) {
  check_stop();
  made_folders_ = destination_->make_folders(path_.parent_path());
  try {
    const auto held = destination_->hold(path_.parent_path(), options_.stop);
    clear_dead();
    refuse_collision();
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
  check_stop();
  file_->append(bytes);
}

SourcePtr FilePublication::finish() {
  file_->close(options_.sync);
  return destination_->open(staged_);
}

void FilePublication::commit() {
  check_stop();
  const auto held = destination_->hold(path_.parent_path(), options_.stop);
  refuse_collision();
  if (options_.sync) {
    for (const auto& folder : made_folders_) destination_->sync_folder(folder.parent_path());
  }
  destination_->rename(staged_, path_);
  done_ = true;
  if (options_.sync) destination_->sync_folder(path_.parent_path());
}

void FilePublication::check_stop() const {
  if (options_.stop && options_.stop())
    throw Error(ErrorKind::interrupted, "stopped before anything was published", "", "run again");
}

void FilePublication::refuse_collision() const {
  if (options_.force || !destination_->exists(path_)) return;
  throw Error(ErrorKind::output_exists, "there is a file already: " + thaw::quoted(path_.string()),
              "a name that is free", "choose another output, or replace this one with --force");
}

void FilePublication::clear_dead() {
  const std::string start = temporary_start(path_);
  for (const std::string& name : destination_->list(path_.parent_path())) {
    const std::size_t end = name.rfind('-');
    if (!name.starts_with(start) || end < start.size()) continue;
    const std::string mark = name.substr(start.size(), end - start.size());
    if (mark != destination_->run_mark() && !destination_->run_alive(mark))
      destination_->remove(path_.parent_path() / name);
  }
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
