// Patterns: how users point at names on the command line (--thaw, --keep, --non-trainable, --skip).
//
// A word without metacharacters is a name: "a/b" means the node a/b and everything below the scope a/b,
// "a/b/" only what is below. Any other word is a regular expression (RE2) that must match the whole name. A
// dot alone is no metacharacter, names have dots. What people copy from TensorFlow's own output is taken for
// what it means: a trailing ":0" is dropped, and "a/b/read", the read of a variable, means the variable too.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "names/regex.h"
#include "thaw/error.h"
#include "thaw/source.h"

namespace thaw::internal {

class Pattern {
 public:
  // Throws usage when the word is empty or no regular expression.
  explicit Pattern(std::string_view word);

  bool matches(Bytes name) const;
  // Whether a part of the name fits: what a regular expression meant to search would have found.
  bool matches_inside(Bytes name) const;

  const std::string& word() const { return word_; }
  bool is_regex() const { return regex_.has_value(); }

 private:
  bool fits(Bytes name) const;

  std::string word_;   // as it was typed
  std::string plain_;  // without ":0" and the last slash
  bool below_only_ = false;
  bool is_read_ = false;  // ends in "/read"
  std::optional<Regex> regex_;
};

// The words of one option. Remembers which of them ever matched.
class PatternSet {
 public:
  PatternSet() = default;
  // Throws usage, naming the option.
  PatternSet(std::string option, std::span<const std::string> words);

  bool empty() const { return patterns_.empty(); }
  // Whether any word matches. All that match count as used.
  bool matches(Bytes name);
  // In the order given.
  std::vector<const Pattern*> unmatched() const;
  // Throws no_match_error for the first word that matched nothing. `names`: all that were asked about.
  void require_all_matched(std::span<const Bytes> names) const;

 private:
  std::string option_;
  std::vector<Pattern> patterns_;
  std::vector<bool> matched_;
};

// Usage: the word matches nothing, and which names are nearest to it.
Error no_match_error(std::string_view option, const Pattern& pattern, std::span<const Bytes> names);

// "a/b" of "a/b:0": the node of a tensor's name. Anything else comes back as it is.
std::string_view without_output(std::string_view word);

// "'a', 'b' or 'c'", quoted for messages.
std::string one_of(std::span<const std::string> names);

}  // namespace thaw::internal
