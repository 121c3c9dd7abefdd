#include "io/folder_publication.h"

#include <algorithm>

#include "io/staging.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

using std::filesystem::path;

constexpr const char* kReplaced = "replaced";
constexpr const char* kComplete = "the folder itself is complete";
constexpr std::size_t kPiece = 256u << 10;

// Without a slash at the end.
path plain(const path& place) { return place.has_filename() ? place : place.parent_path(); }

bool is_folder(const Destination& files, const path& place) {
  if (files.exists(place / ".")) return true;
  try {
    return !files.list(place).empty();  // in memory there is no "."
  } catch (const Error&) {
    return false;
  }
}

bool is_file(const Destination& files, const path& place) {
  try {
    files.open(place);
    return true;
  } catch (const Error&) {
    if (!is_folder(files, place)) throw;
    return false;
  }
}

// False for a folder.
bool remove_file(Destination& files, const path& place) {
  try {
    files.remove(place);
    return !files.exists(place);
  } catch (const Error&) {
    if (!is_folder(files, place)) throw;
    return false;
  }
}

// Links are removed, not followed.
void remove_tree(Destination& files, const path& top) {
  if (remove_file(files, top)) return;
  std::vector<path> folders{top};
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const path folder = folders[i];
    for (const std::string& name : files.list(folder)) {
      if (!remove_file(files, folder / name)) folders.push_back(folder / name);
    }
  }
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) files.remove_empty_folder(*folder);
  if (!files.exists(top)) return;
  throw Error(ErrorKind::output_io, "cannot remove " + thaw::quoted(top.string()),
              "a folder that can be removed", "remove it, or run again");
}

}  // namespace

std::vector<path> files_below(const Destination& files, const path& folder) {
  std::vector<path> found, folders{""};
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const path inner = folders[i];
    for (const std::string& name : files.list(folder / inner)) {
      (is_file(files, folder / inner / name) ? found : folders).push_back(inner / name);
    }
  }
  std::ranges::sort(found);
  return found;
}

FolderPublication::FolderPublication(std::shared_ptr<Destination> destination, const path& place,
                                     PublicationOptions options)
    : destination_(std::move(destination)),
      path_(plain(place)),
      staged_(temporary_beside(path_, next_run(*destination_))),
      replaced_(temporary_beside(path_, kReplaced)),
      options_(std::move(options)) {
  check_stop(options_.stop);
  made_folders_ = destination_->make_folders(path_.parent_path());
  try {
    const auto held = destination_->hold(path_.parent_path(), options_.stop);
    heal();
    if (!options_.force) refuse_taken(*destination_, path_, "folder");
    destination_->make_folders(staged_);
  } catch (...) {
    abandon();
    throw;
  }
}

FolderPublication::~FolderPublication() {
  if (!done_) abandon();
}

std::unique_ptr<OutputFile> FolderPublication::create(const path& to, std::uint64_t size) {
  destination_->make_folders(to.parent_path());
  return destination_->create(to, size);
}

void FolderPublication::close(OutputFile& file, const path& to) {
  file.close(options_.sync);
  if (options_.sync) destination_->sync_folder(to.parent_path());
}

void FolderPublication::add(const path& relative, const SourcePtr& content) {
  const path to = staged_ / relative;
  const std::unique_ptr<OutputFile> file = create(to, content->size());
  std::string piece;
  for (std::uint64_t at = 0; at < content->size(); at += piece.size()) {
    check_stop(options_.stop);
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, content->size() - at)));
    content->read_at(at, std::as_writable_bytes(std::span(piece)));
    file->append(piece);
  }
  close(*file, to);
}

void FolderPublication::add(const path& relative, const Recipe& content) {
  const path to = staged_ / relative;
  const std::unique_ptr<OutputFile> file = create(to, content.size());
  content.pour([&](Bytes bytes) {
    check_stop(options_.stop);
    file->append(bytes);
  });
  close(*file, to);
}

void FolderPublication::commit() {
  check_stop(options_.stop);
  const auto held = destination_->hold(path_.parent_path(), options_.stop);
  if (!options_.force) refuse_taken(*destination_, path_, "folder");
  if (options_.sync) {
    destination_->sync_folder(staged_);
    for (const auto& folder : made_folders_) destination_->sync_folder(folder.parent_path());
  }
  const bool replaces = destination_->exists(path_);
  if (replaces && swap()) return;
  if (replaces) destination_->rename(path_, replaced_);
  try {
    destination_->rename(staged_, path_);
  } catch (...) {
    if (replaces) destination_->rename(replaced_, path_);
    throw;
  }
  done_ = true;
  though_published(kComplete, [&] {
    if (options_.sync) destination_->sync_folder(path_.parent_path());
    if (replaces) heal();
  });
}

// False: nothing was done.
bool FolderPublication::swap() {
  if (!destination_->exchange(staged_, path_)) return false;
  try {
    if (options_.sync) destination_->sync_folder(path_.parent_path());
  } catch (...) {
    destination_->exchange(staged_, path_);
    throw;
  }
  done_ = true;
  though_published(kComplete, [&] { remove_tree(*destination_, staged_); });
  return true;
}

void FolderPublication::heal() {
  if (destination_->exists(replaced_)) {
    if (destination_->exists(path_)) {
      remove_tree(*destination_, replaced_);
    } else {
      destination_->rename(replaced_, path_);
    }
  }
  for (const path& dead : left_by_the_dead(*destination_, path_)) remove_tree(*destination_, dead);
}

void FolderPublication::abandon() noexcept {
  try {
    if (destination_->exists(staged_)) remove_tree(*destination_, staged_);
  } catch (const std::exception&) {
    return;  // the next run removes it
  }
  for (auto folder = made_folders_.rbegin(); folder != made_folders_.rend(); ++folder)
    destination_->remove_empty_folder(*folder);
}

}  // namespace thaw::internal
