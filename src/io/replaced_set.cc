#include "io/replaced_set.h"

#include <algorithm>
#include <utility>

#include "io/read_back.h"
#include "io/recipe.h"

namespace thaw::internal {

namespace {

// Where there are no hard links, the promise costs a copy.
void copy(Destination& destination, const std::filesystem::path& from, const std::filesystem::path& to,
          bool sync) {
  const SourcePtr source = read_back(destination, from);
  const auto file = destination.create(to, source->size());
  pour_range(*source, {0, source->size()}, [&](Bytes bytes) { file->append(bytes); });
  file->close(sync);
}

}  // namespace

ReplacedSet::ReplacedSet(Destination& destination, const SetNames& names, std::string run, bool sync)
    : destination_(destination), names_(names), run_(std::move(run)), sync_(sync) {}

void ReplacedSet::sync_folder() {
  if (sync_) destination_.sync_folder(names_.folder());
}

void ReplacedSet::link(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (!destination_.hard_link(from, to)) copy(destination_, from, to, sync_);
}

void ReplacedSet::heal(const std::function<bool(const SetFile&)>& dead) {
  const SetFiles files(destination_, names_);
  const std::vector<SetFile> dead_files = files.temporaries(dead);
  if (dead_files.empty() && files.suffixes(SetFileKind::replaced).empty()) return;
  // The killed run may not have come to its sync: what is seen here must last before anything is removed for
  // it.
  sync_folder();
  if (!files.has(SetFileKind::member, kIndexSuffix)) {
    if (files.has(SetFileKind::replaced, kIndexSuffix)) {
      restore();
    } else {
      remove_half_published(dead_files);
    }
  }
  drop();
  for (const SetFile& file : dead_files) destination_.remove(names_.path(file));
}

// Each member comes back through a link of its own, so that PREFIX.replaced stays whole until PREFIX is.
void ReplacedSet::restore() {
  const SetFiles files(destination_, names_);
  const auto put_back = [&](const std::string& suffix) {
    const auto between = names_.path({SetFileKind::restoring, suffix, run_});
    link(names_.replaced(suffix), between);
    destination_.rename(between, names_.member(suffix));
    destination_.remove(between);  // rename(2) leaves it when the member is that same file already
  };
  for (const std::string& suffix : files.suffixes(SetFileKind::member)) {
    if (!files.has(SetFileKind::replaced, suffix)) destination_.remove(names_.member(suffix));
  }
  for (const std::string& suffix : files.suffixes(SetFileKind::replaced)) {
    if (suffix != kIndexSuffix) put_back(suffix);
  }
  sync_folder();
  put_back(kIndexSuffix);
  sync_folder();
}

// A member that still waits under its staged name was not published: what has its final name is older and
// stays.
void ReplacedSet::remove_half_published(const std::vector<SetFile>& dead_files) {
  const auto committing = std::find_if(dead_files.begin(), dead_files.end(), [](const SetFile& file) {
    return file.kind == SetFileKind::committing;
  });
  if (committing == dead_files.end()) return;
  for (const std::string& suffix : SetFiles(destination_, names_).suffixes(SetFileKind::member)) {
    const bool waits = destination_.exists(names_.path({SetFileKind::staged, suffix, committing->run}));
    if (!waits) destination_.remove(names_.member(suffix));
  }
  sync_folder();
}

void ReplacedSet::keep_member(const std::string& suffix) {
  if (destination_.hard_link(names_.member(suffix), names_.replaced(suffix))) return;
  // A copy takes a while: nobody is to find half of it.
  const auto between = names_.path({SetFileKind::restoring, suffix, run_});
  copy(destination_, names_.member(suffix), between, sync_);
  destination_.rename(between, names_.replaced(suffix));
}

void ReplacedSet::keep() {
  const SetFiles files(destination_, names_);
  for (const std::string& suffix : files.suffixes(SetFileKind::member)) {
    if (suffix != kIndexSuffix) keep_member(suffix);
  }
  keep_member(kIndexSuffix);
  sync_folder();
  destination_.remove(names_.member(kIndexSuffix));
  sync_folder();
}

void ReplacedSet::drop() {
  const SetFiles files(destination_, names_);
  destination_.remove(names_.replaced(kIndexSuffix));
  for (const std::string& suffix : files.suffixes(SetFileKind::replaced)) {
    if (suffix != kIndexSuffix) destination_.remove(names_.replaced(suffix));
  }
}

}  // namespace thaw::internal
