// Small checkpoint sets with recognisable content, and whether one is whole.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include "io/publication.h"
#include "thaw/destination.h"

namespace thaw::internal {

using Files = std::map<std::filesystem::path, std::string>;

struct SetShape {
  std::string version;  // "old" or "new"
  int shards = 1;
  bool meta = true;
  bool state = true;  // a state file is published with it
};

inline const std::string kPrefix = "models/model.ckpt";
inline const SetShape kNew{"new", 1, true, true};

inline std::string shard_suffix(int shard, int shards) {
  return ".data-0000" + std::to_string(shard) + "-of-0000" + std::to_string(shards);
}

// By suffix. The index says what the rest has to be.
inline std::map<std::string, std::string> members(const SetShape& shape) {
  std::map<std::string, std::string> files;
  for (int i = 0; i < shape.shards; ++i) {
    files[shard_suffix(i, shape.shards)] = shape.version + " data " + std::to_string(i);
  }
  if (shape.meta) files[".meta"] = shape.version + " meta";
  files[".index"] = shape.version + " index" + std::to_string(shape.shards) + (shape.meta ? "m" : "-");
  return files;
}

inline Files set_under(const std::string& prefix, const SetShape& shape) {
  Files files;
  for (const auto& [suffix, content] : members(shape)) files[prefix + suffix] = content;
  return files;
}

inline Files members_under(const Files& files, const std::string& prefix) {
  Files found;
  for (const auto& [path, content] : files) {
    const std::string name = path.string();
    if (name.starts_with(prefix) && is_member_suffix(name.substr(prefix.size()))) found[path] = content;
  }
  return found;
}

// "absent" (no index), the version of a set that is there to the last byte with nothing more, or "mixed".
inline std::string whole_under(const Files& files, const std::string& prefix) {
  const Files found = members_under(files, prefix);
  const auto index = found.find(prefix + ".index");
  if (index == found.end()) return "absent";
  const std::string& text = index->second;
  if (text.size() != 11) return "mixed";
  const SetShape shape{text.substr(0, 3), text[9] - '0', text[10] == 'm', false};
  return found == set_under(prefix, shape) ? shape.version : "mixed";
}

// One publication, as a verb does it.
inline void publish(std::shared_ptr<Destination> destination, const std::string& prefix,
                    const SetShape& shape, const PublicationOptions& options) {
  Publication out(std::move(destination), options);
  out.begin_set(prefix);
  for (const auto& [suffix, content] : members(shape)) {
    out.stage(suffix, content.size()).append(content);
    out.finish(suffix);
  }
  if (shape.state)
    out.add_last(std::filesystem::path(prefix).parent_path() / "checkpoint", shape.version + " state");
  out.commit();
}

inline Files files_in(const std::filesystem::path& folder) {
  Files files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return files;
}

// An empty folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "thaw-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace thaw::internal
