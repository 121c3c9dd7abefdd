// The set that is being replaced: kept whole under PREFIX.replaced until the new one is whole under PREFIX,
// and what the next run makes of it when this one is killed in between.
//
// PREFIX.index tells whether the set under PREFIX is whole: it is the first to go and the last to come, and
// every other file changes only while it is absent. The same holds for PREFIX.replaced.index. So there are
// four cases:
//   PREFIX.index  PREFIX.replaced.index
//   there         there or absent         PREFIX is whole; what is called replaced can go
//   absent        there                   killed in between: the replaced set is put back
//   absent        absent                  no set; the members that a killed run published before its index
//   are
//                                         removed when its index still waits under its committing name
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "io/set_files.h"
#include "thaw/destination.h"

namespace thaw::internal {

class ReplacedSet {
 public:
  // `run` names the temporary files of this publication.
  ReplacedSet(Destination& destination, const SetNames& names, std::string run, bool sync);

  // Puts right what killed runs left behind, and removes the temporary files for which `dead` holds. May
  // itself be killed anywhere.
  void heal(const std::function<bool(const SetFile&)>& dead);

  // Moves the set under PREFIX to PREFIX.replaced: afterwards there is no PREFIX.index.
  void keep();

  // Removes PREFIX.replaced, index first.
  void drop();

 private:
  void keep_member(const std::string& suffix);
  void restore();
  void remove_half_published(const std::vector<SetFile>& dead_files);
  void link(const std::filesystem::path& from, const std::filesystem::path& to);
  void sync_folder();

  Destination& destination_;
  const SetNames& names_;
  std::string run_;
  bool sync_;
};

}  // namespace thaw::internal
