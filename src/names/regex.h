// Regex: one regular expression over names. RE2's syntax over bytes, linear time whatever was typed; "."
// stands for any byte. This is the only room that knows the library behind it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "thaw/source.h"

namespace re2 {
class RE2;
}

namespace thaw::internal {

// Cheap to copy; const use from several threads.
class Regex {
 public:
  // Throws usage, with the position of the mistake, counted from 1.
  explicit Regex(std::string_view expression);

  bool matches_whole(Bytes name) const;
  bool matches_inside(Bytes name) const;

  // `replacement` with \0 (all of the match) and \1 to \9 filled in, when the expression matches the whole
  // name.
  std::optional<std::string> replace_whole(Bytes name, std::string_view replacement) const;
  // Throws usage when `replacement` names a group that the expression lacks, or holds a stray backslash.
  void check_replacement(std::string_view replacement) const;

 private:
  std::shared_ptr<const re2::RE2> compiled_;
};

// Whether a word says more than a name: it holds one of \ ^ $ * + ? ( ) [ ] { } |. A dot alone does not,
// names have dots.
bool has_metacharacters(std::string_view word);

}  // namespace thaw::internal
