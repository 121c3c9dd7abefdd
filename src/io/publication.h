// Publication: files are staged under temporary names beside their final ones, looked at, and then all
// published, the index last. Whoever kills it, and wherever: there is the old set, whole, or the new one,
// never a mixture (replaced_set.h says how).
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/replaced_set.h"
#include "io/set_files.h"
#include "thaw/destination.h"

namespace thaw::internal {

struct PublicationOptions {
  bool force = false;  // replace what is in the way
  bool sync = true;    // when `commit` returns, everything is on the medium
  // Asked before each piece that is written and before anything is published: true throws Error interrupted.
  std::function<bool()> stop = {};
};

class Publication {
 public:
  explicit Publication(std::shared_ptr<Destination> destination, PublicationOptions options = {});
  // Without a `commit` that returned: temporary files and folders made here are removed, nothing else has
  // changed.
  ~Publication();
  Publication(const Publication&) = delete;
  Publication& operator=(const Publication&) = delete;

  // The set under `prefix`: folders are made, and what a killed run left there is put right first. Throws
  // output_exists, naming them, when there are members and `force` was not given.
  void begin_set(const std::filesystem::path& prefix);

  // A member (".data-00000-of-00001", ".meta", ".index"). One is written at a time or several: the reference
  // lives as long as this.
  OutputFile& stage(const std::string& suffix, std::uint64_t expected_size);
  void finish(const std::string& suffix);
  // The staged bytes of a finished member.
  SourcePtr reopen(const std::string& suffix) const;

  // A small file in the folder of the set that replaces what is there once the set is whole: the state file.
  void add_last(const std::filesystem::path& path, std::string content);

  // After it has thrown, the set is as it was before (or, when that fails, too, the next run makes it so),
  // or, past the commit point, the new one.
  void commit();

 private:
  class StagedFile;
  struct Last {
    std::filesystem::path path, staged;
    std::string content;
  };

  const SetNames& names() const;
  StagedFile& staged(const std::string& suffix) const;
  ReplacedSet replaced();
  std::shared_ptr<void> enter();
  bool is_dead(const SetFile& temporary) const;
  void check_complete() const;
  void refuse_collisions() const;
  void sync_folder();
  void stage_last();
  void publish();
  void publish_last();
  void roll_back();
  void abandon() noexcept;

  std::shared_ptr<Destination> destination_;
  PublicationOptions options_;
  std::string run_;
  std::optional<SetNames> names_;
  std::vector<std::filesystem::path> made_folders_;
  std::map<std::string, std::unique_ptr<StagedFile>> staged_;  // by suffix
  std::optional<Last> last_;
  bool published_ = false;  // the commit point is behind us
  bool done_ = false;
};

}  // namespace thaw::internal
