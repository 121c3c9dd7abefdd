// The names around one checkpoint set, and what each file beside it is.
//
// A set under the prefix `dir/model.ckpt` consists of
//   dir/model.ckpt.index, .meta, .data-00000-of-00001 …            its members
//   dir/model.ckpt.replaced.index …                                members of the set that is being replaced
//   dir/.model.ckpt.index.thaw-RUN                                  a member (or ".state") staged by a run
//   dir/.model.ckpt.index.thaw-RUN.commit                           the same, once that run has begun to
//   publish dir/.model.ckpt.index.thaw-RUN.restore                          a member on its way back from
//   `replaced`
// RUN is "MARK-NUMBER": the run_mark of the destination and a number that tells publications of one process
// apart. Hidden names: no reader of checkpoints lists them, no pattern PREFIX* matches them.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "thaw/destination.h"

namespace thaw::internal {

enum class SetFileKind { member, replaced, staged, committing, restoring };

struct SetFile {
  SetFileKind kind = SetFileKind::member;
  std::string suffix;  // ".index", ".meta", ".data-00000-of-00001"; of temporaries also ".state"
  std::string run;     // of temporaries
};

inline const std::string kIndexSuffix = ".index";
inline const std::string kMetaSuffix = ".meta";
// One of these or ".data-SSSSS-of-NNNNN" (tensor_bundle/naming.cc).
bool is_member_suffix(std::string_view suffix);

class SetNames {
 public:
  // Throws usage for a prefix without a base name, or with one that ends in ".replaced", which is ours.
  explicit SetNames(const std::filesystem::path& prefix);

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path path(const SetFile& file) const;
  std::filesystem::path member(const std::string& suffix) const {
    return path({SetFileKind::member, suffix, {}});
  }
  std::filesystem::path replaced(const std::string& suffix) const {
    return path({SetFileKind::replaced, suffix, {}});
  }
  std::optional<SetFile> recognise(std::string_view file_name) const;

 private:
  std::filesystem::path folder_;
  std::string base_;
};

// What lies beside a prefix at one moment, sorted by name.
class SetFiles {
 public:
  SetFiles(const Destination& destination, const SetNames& names);

  bool has(SetFileKind kind, std::string_view suffix) const;
  std::vector<std::string> suffixes(SetFileKind kind) const;
  // The temporary files for which `chosen` holds; those of runs that are publishing come first.
  std::vector<SetFile> temporaries(const std::function<bool(const SetFile&)>& chosen) const;

 private:
  std::vector<SetFile> files_;
};

}  // namespace thaw::internal
