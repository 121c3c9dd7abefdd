// Which names a report lists: all, or those that somebody asked for.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "names/pattern.h"
#include "thaw/error.h"

namespace thaw::internal {

class NameFilter {
 public:
  // Throws usage for a word that is no pattern, naming the option.
  NameFilter(std::string option, const std::vector<std::string>& words);

  // Whether any of the names is wanted. Without words all are.
  bool takes(std::initializer_list<Bytes> names);
  bool takes_all() const { return patterns_.empty(); }
  bool left_over() const { return !patterns_.unmatched().empty(); }
  // One for each word that fitted none of the names that were asked about; `names` gives the advice.
  std::vector<Error> unmatched(std::span<const Bytes> names) const;

 private:
  std::string option_;
  PatternSet patterns_;
};

}  // namespace thaw::internal
