#include <algorithm>
#include <optional>
#include <utility>

#include "thaw/destination.h"
#include "thaw/error.h"

namespace thaw {

namespace {

using Files = std::map<std::filesystem::path, std::string>;

Error no_such_file(const std::filesystem::path& path, ErrorKind kind) {
  return Error(kind, "there is no " + thaw::quoted(path.string()) + " in memory",
               "the name of a file that is", "list the files first");
}

// What of `path` lies directly in `folder`: a file, or the folder that leads to it.
std::optional<std::string> name_in(const std::filesystem::path& folder, const std::filesystem::path& path) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  if (end != folder.end() || rest == path.end()) return std::nullopt;
  return rest->string();
}

// A folder is what files lie below.
bool rename_below(Files& files, const std::filesystem::path& from, const std::filesystem::path& to) {
  Files moved;
  bool any = false;
  for (auto file = files.begin(); file != files.end();) {
    const bool below = name_in(from, file->first).has_value();
    any = any || below;
    if (below) moved.emplace(to / file->first.lexically_relative(from), std::move(file->second));
    file = below ? files.erase(file) : std::next(file);
  }
  files.merge(moved);
  return any;
}

// Appends through the map, so that what was written shows under the name the file has at that moment, as on
// disk.
class MemoryFile : public OutputFile {
 public:
  MemoryFile(Files& files, std::filesystem::path path) : files_(files), path_(std::move(path)) {}
  void append(Bytes bytes) override {
    const auto found = files_.find(path_);
    if (found == files_.end()) throw no_such_file(path_, ErrorKind::output_io);
    found->second.append(bytes);
  }
  void close(bool) override {}

 private:
  Files& files_;
  std::filesystem::path path_;
};

}  // namespace

std::vector<std::string> MemoryDestination::list(const std::filesystem::path& folder) const {
  std::vector<std::string> names;
  for (const auto& [path, content] : files_) {
    const std::optional<std::string> name = name_in(folder, path);
    if (name && std::ranges::count(names, *name) == 0) names.push_back(*name);
  }
  return names;
}

bool MemoryDestination::exists(const std::filesystem::path& path) const {
  return files_.contains(path) ||
         std::ranges::any_of(files_, [&](const auto& file) { return name_in(path, file.first).has_value(); });
}

std::unique_ptr<OutputFile> MemoryDestination::create(const std::filesystem::path& path, std::uint64_t) {
  if (!files_.try_emplace(path).second) {
    throw Error(ErrorKind::output_io, thaw::quoted(path.string()) + " is in memory already",
                "a name that is free", "remove that file first");
  }
  return std::make_unique<MemoryFile>(files_, path);
}

SourcePtr MemoryDestination::open(const std::filesystem::path& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) throw no_such_file(path, ErrorKind::input_io);
  return memory_source(found->second, path.string());
}

void MemoryDestination::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
  const auto found = files_.find(from);
  if (found == files_.end() && rename_below(files_, from, to)) return;
  if (found == files_.end()) throw no_such_file(from, ErrorKind::output_io);
  if (from == to) return;
  std::string content = std::move(found->second);
  files_.erase(found);
  files_.insert_or_assign(to, std::move(content));
}

bool MemoryDestination::hard_link(const std::filesystem::path& from, const std::filesystem::path& to) {
  const auto found = files_.find(from);
  if (found == files_.end()) throw no_such_file(from, ErrorKind::output_io);
  if (!files_.try_emplace(to, found->second).second) {
    throw Error(ErrorKind::output_io, thaw::quoted(to.string()) + " is in memory already",
                "a name that is free", "remove that file first");
  }
  return true;
}

void MemoryDestination::remove(const std::filesystem::path& path) { files_.erase(path); }

}  // namespace thaw
