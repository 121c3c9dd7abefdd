#include "names/pattern.h"

#include <algorithm>

#include "names/nearest_names.h"
#include "names/scopes.h"

namespace thaw::internal {

namespace {

constexpr std::string_view kRead = "/read";

std::string letters_of(std::string_view word) {
  if (!has_metacharacters(word)) return std::string(word);
  std::string letters;
  for (const char c : word) {
    const std::string_view one(&c, 1);
    if (!has_metacharacters(one) && c != '.') letters += c;
  }
  return letters;
}

// "a/*" is a fine regular expression that matches nothing people mean by it.
std::string as_shell_pattern(std::string_view word) {
  std::string regex;
  for (const char c : word) {
    if (c == '.') regex += '\\';
    if (c == '*') regex += '.';
    regex += c == '?' ? '.' : c;
  }
  return regex;
}

bool looks_like_shell_pattern(std::string_view word) {
  const std::size_t star = word.find('*');
  if (star == std::string_view::npos || word.find_first_of("\\^$+()[]{}|") != std::string_view::npos)
    return false;
  return star == 0 || word[star - 1] == '/' || word[star - 1] == '_';
}

std::string advice(const Pattern& pattern, std::span<const Bytes> names) {
  if (names.empty()) return "there are no names to choose from";
  if (looks_like_shell_pattern(pattern.word())) {
    const Pattern meant(as_shell_pattern(pattern.word()));
    if (std::ranges::any_of(names, [&](Bytes name) { return meant.matches(name); })) {
      return "in a regular expression \"anything\" is '.*': try " + thaw::quoted(meant.word());
    }
  }
  const auto inside = std::ranges::find_if(names, [&](Bytes name) { return pattern.matches_inside(name); });
  if (inside != names.end()) {
    return "it fits only a part of " + thaw::quoted(*inside) + ": put '.*' where more may stand";
  }
  return "did you mean " + one_of(nearest_names(letters_of(pattern.word()), names)) + "?";
}

}  // namespace

std::string_view without_output(std::string_view word) {
  const std::size_t digits = word.find_last_not_of("0123456789");
  if (digits == std::string_view::npos || digits == 0 || digits + 1 == word.size() || word[digits] != ':')
    return word;
  return word.substr(0, digits);
}

std::string one_of(std::span<const std::string> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += thaw::quoted(names[i]);
  }
  return text;
}

Pattern::Pattern(std::string_view word) : word_(word), plain_(without_output(word)) {
  if (plain_.empty() || plain_ == "/") {
    throw Error(ErrorKind::usage, "a pattern is empty", "a name, a scope or a regular expression",
                "'.*' means everything");
  }
  is_read_ = plain_.ends_with(kRead) && plain_.size() > kRead.size();
  if (has_metacharacters(plain_)) {
    regex_.emplace(plain_);
  } else if (plain_.ends_with('/')) {
    below_only_ = true;
    plain_.pop_back();
  }
}

bool Pattern::fits(Bytes name) const {
  if (regex_) return regex_->matches_whole(name);
  return is_below(name, plain_) || (!below_only_ && name == plain_);
}

bool Pattern::matches(Bytes name) const {
  if (fits(name)) return true;
  if (!is_read_) return false;
  if (regex_) return regex_->matches_whole(std::string(name).append(kRead));
  return name == Bytes(plain_).substr(0, plain_.size() - kRead.size());
}

bool Pattern::matches_inside(Bytes name) const { return regex_ && regex_->matches_inside(name); }

PatternSet::PatternSet(std::string option, std::span<const std::string> words) : option_(std::move(option)) {
  for (const std::string& word : words) {
    try {
      patterns_.emplace_back(word);
    } catch (Error& error) {
      throw error.at(option_);
    }
  }
  matched_.resize(patterns_.size());
}

bool PatternSet::matches(Bytes name) {
  bool any = false;
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    if (!patterns_[i].matches(name)) continue;
    matched_[i] = true;
    any = true;
  }
  return any;
}

std::vector<const Pattern*> PatternSet::unmatched() const {
  std::vector<const Pattern*> result;
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    if (!matched_[i]) result.push_back(&patterns_[i]);
  }
  return result;
}

void PatternSet::require_all_matched(std::span<const Bytes> names) const {
  const std::vector<const Pattern*> idle = unmatched();
  if (!idle.empty()) throw no_match_error(option_, *idle.front(), names);
}

Error no_match_error(std::string_view option, const Pattern& pattern, std::span<const Bytes> names) {
  Error error(ErrorKind::usage, thaw::quoted(pattern.word()) + " matches nothing",
              pattern.is_regex() ? "a regular expression that matches whole names"
                                 : "a name, or a scope with names below it",
              advice(pattern, names));
  return error.at(std::string(option));
}

}  // namespace thaw::internal
