#include "io/publication.h"

#include <utility>

#include "io/read_back.h"
#include "io/staging.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr const char* kState = ".state";
constexpr const char* kCheckpoint = "the checkpoint itself is complete";

}  // namespace

// Collects small pieces; large ones, which come aligned, go through as they are.
class Publication::StagedFile : public OutputFile {
 public:
  StagedFile(Destination& destination, std::filesystem::path path, std::uint64_t expected_size,
             const std::function<bool()>& stop)
      : path_(std::move(path)), file_(destination.create(path_, expected_size)), stop_(stop) {}

  const std::filesystem::path& path() const { return path_; }

  void append(Bytes bytes) override {
    if (waiting_.size() + bytes.size() > kLargePiece) flush();
    if (bytes.size() >= kLargePiece) {
      write(bytes);
    } else {
      waiting_.append(bytes);
    }
  }
  void close(bool sync) override {
    if (closed_) return;
    flush();
    file_->close(sync);
    closed_ = true;
  }
  bool closed() const { return closed_; }

 private:
  static constexpr std::size_t kLargePiece = 64 * 1024;

  void flush() {
    if (!waiting_.empty()) write(waiting_);
    waiting_.clear();
  }
  void write(Bytes bytes) {
    check_stop(stop_);
    file_->append(bytes);
  }

  std::filesystem::path path_;
  std::unique_ptr<OutputFile> file_;
  const std::function<bool()>& stop_;
  std::string waiting_;
  bool closed_ = false;
};

Publication::Publication(std::shared_ptr<Destination> destination, PublicationOptions options)
    : destination_(std::move(destination)), options_(std::move(options)), run_(next_run(*destination_)) {}

Publication::~Publication() {
  if (!done_) abandon();
}

void Publication::begin_set(const std::filesystem::path& prefix) {
  names_.emplace(prefix);
  check_stop(options_.stop);
  made_folders_ = destination_->make_folders(names_->folder());
  enter();
}

// The folder for ourselves, what killed runs left there put right, and nothing in the way.
std::shared_ptr<void> Publication::enter() {
  auto held = destination_->hold(names().folder(), options_.stop);
  const auto others = [&](const SetFile& file) {
    return file.kind == SetFileKind::committing && file.run != run_ && !is_dead(file);
  };
  // Only where the file system has no locks.
  if (!SetFiles(*destination_, names()).temporaries(others).empty()) {
    throw Error(ErrorKind::output_io,
                "another run is publishing into " + thaw::quoted(names().folder().string()),
                "one run at a time", "wait for it, and run again");
  }
  replaced().heal([&](const SetFile& file) { return is_dead(file); });
  refuse_collisions();
  return held;
}

OutputFile& Publication::stage(const std::string& suffix, std::uint64_t expected_size) {
  check_stop(options_.stop);
  if (!is_member_suffix(suffix) || staged_.contains(suffix)) {
    throw Error(ErrorKind::bug, "a checkpoint set has no place for another " + thaw::quoted(suffix));
  }
  auto& slot = staged_[suffix];  // first, so that what is made is remembered even where memory ends
  slot = std::make_unique<StagedFile>(*destination_, names().path({SetFileKind::staged, suffix, run_}),
                                      expected_size, options_.stop);
  return *slot;
}

void Publication::finish(const std::string& suffix) { staged(suffix).close(options_.sync); }

SourcePtr Publication::reopen(const std::string& suffix) const {
  if (!staged(suffix).closed()) throw Error(ErrorKind::bug, suffix + " was reopened before it was finished");
  return read_back(*destination_, names().path({SetFileKind::staged, suffix, run_}));
}

void Publication::add_last(const std::filesystem::path& path, std::string content) {
  last_ = Last{path, names().path({SetFileKind::staged, kState, run_}), std::move(content)};
}

void Publication::commit() {
  check_stop(options_.stop);
  check_complete();
  stage_last();
  const auto held = enter();
  try {
    publish();
  } catch (...) {
    roll_back();
    throw;
  }
  publish_last();
  though_published(kCheckpoint, [&] { replaced().drop(); });
  done_ = true;
}

void Publication::publish() {
  if (options_.sync) {
    for (const auto& folder : made_folders_) destination_->sync_folder(folder.parent_path());
  }
  const SetFiles old(*destination_, names());
  destination_->rename(names().path({SetFileKind::staged, kIndexSuffix, run_}),
                       names().path({SetFileKind::committing, kIndexSuffix, run_}));
  const bool replaces = old.has(SetFileKind::member, kIndexSuffix);
  if (replaces) {
    replaced().keep();
  } else {
    sync_folder();
  }
  // Without an old index nobody reads what lies here; renaming to a free name is the cheaper way on ext4. A
  // member of no set stays until it is replaced.
  for (const std::string& suffix : old.suffixes(SetFileKind::member)) {
    if (suffix != kIndexSuffix && (replaces || !staged_.contains(suffix)))
      destination_->remove(names().member(suffix));
  }
  for (const auto& [suffix, file] : staged_) {
    if (suffix == kIndexSuffix) continue;
    destination_->rename(names().path({SetFileKind::staged, suffix, run_}), names().member(suffix));
  }
  sync_folder();
  // The commit point.
  destination_->rename(names().path({SetFileKind::committing, kIndexSuffix, run_}),
                       names().member(kIndexSuffix));
  published_ = true;
  though_published(kCheckpoint, [&] { sync_folder(); });
}

void Publication::publish_last() {
  if (!last_) return;
  though_published("the checkpoint itself is complete, only this file is missing or old", [&] {
    destination_->rename(last_->staged, last_->path);
    sync_folder();
  });
}

// The set is put back as if this run had been killed; should that fail, the next run does it.
void Publication::roll_back() {
  if (published_) return;
  try {
    replaced().heal([&](const SetFile& file) { return file.run == run_ || is_dead(file); });
  } catch (const std::exception&) {
    return;
  }
}

void Publication::abandon() noexcept {
  if (!names_) return;
  const auto remove = [&](const std::filesystem::path& path) noexcept {
    try {
      destination_->remove(path);
    } catch (const std::exception&) {
      return;  // the next run removes it
    }
  };
  for (const auto& [suffix, file] : staged_) {
    if (file) remove(file->path());
  }
  if (last_) remove(last_->staged);
  staged_.clear();
  if (published_) return;
  for (auto folder = made_folders_.rbegin(); folder != made_folders_.rend(); ++folder) {
    destination_->remove_empty_folder(*folder);
  }
}

void Publication::stage_last() {
  if (!last_) return;
  const auto file = destination_->create(last_->staged, last_->content.size());
  file->append(last_->content);
  file->close(options_.sync);
}

void Publication::refuse_collisions() const {
  if (options_.force) return;
  std::string taken;
  for (const std::string& suffix : SetFiles(*destination_, names()).suffixes(SetFileKind::member)) {
    taken += (taken.empty() ? "" : ", ") + thaw::quoted(names().member(suffix).string());
  }
  if (taken.empty()) return;
  throw Error(ErrorKind::output_exists, "there is a checkpoint already: " + taken, "a prefix that is free",
              "choose another output, or replace this one with --force");
}

void Publication::check_complete() const {
  for (const auto& [suffix, file] : staged_) {
    if (!file || !file->closed())
      throw Error(ErrorKind::bug, suffix + " is published before it was finished");
  }
  if (!staged_.contains(kIndexSuffix))
    throw Error(ErrorKind::bug, "a checkpoint set is published without an index");
}

void Publication::sync_folder() {
  if (options_.sync) destination_->sync_folder(names().folder());
}

// What this process itself published elsewhere is dead, too, whenever the folder is held: publishing holds
// it.
bool Publication::is_dead(const SetFile& temporary) const {
  if (temporary.run == run_) return false;
  const auto mark = std::string_view(temporary.run).substr(0, temporary.run.rfind('-'));
  if (temporary.kind != SetFileKind::staged && mark == destination_->run_mark()) return true;
  return !destination_->run_alive(mark);
}

const SetNames& Publication::names() const {
  if (!names_) throw Error(ErrorKind::bug, "a file was staged before its set was begun");
  return *names_;
}

Publication::StagedFile& Publication::staged(const std::string& suffix) const {
  const auto found = staged_.find(suffix);
  if (found == staged_.end() || !found->second) throw Error(ErrorKind::bug, suffix + " was not staged");
  return *found->second;
}

ReplacedSet Publication::replaced() { return {*destination_, names(), run_, options_.sync}; }

}  // namespace thaw::internal
