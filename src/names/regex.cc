#include "names/regex.h"

#include <re2/re2.h>

#include <array>
#include <vector>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::string_view kMetacharacters = "\\^$*+?()[]{}|";
constexpr int kMaxGroups = 10;  // \0 to \9

RE2::Options byte_options() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_dot_nl(true);
  return options;
}

// RE2 blames the whole expression for a parenthesis: the one without a partner is found here.
std::size_t lonely_parenthesis(std::string_view text) {
  std::vector<std::size_t> open;
  bool in_class = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      ++i;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
    } else if (c == '(') {
      open.push_back(i);
    } else if (c == ')') {
      if (open.empty()) return i;
      open.pop_back();
    }
  }
  return open.empty() ? 0 : open.back();
}

std::size_t place_of_error(const RE2& compiled, std::string_view text) {
  const RE2::ErrorCode code = compiled.error_code();
  if (code == RE2::ErrorMissingParen || code == RE2::ErrorUnexpectedParen) return lonely_parenthesis(text);
  if (code == RE2::ErrorTrailingBackslash) return text.size() - 1;
  const std::size_t at = text.find(compiled.error_arg());
  return at == std::string_view::npos ? 0 : at;
}

Error bad_expression(const RE2& compiled, std::string_view text) {
  const std::size_t at = place_of_error(compiled, text);
  std::string hint = "escape a character that is meant as itself with a backslash";
  if (compiled.error_code() == RE2::ErrorRepeatArgument) hint = "write '.*' where a shell would take '*'";
  return {ErrorKind::usage,
          thaw::quoted(text) + " is not a regular expression: " + thaw::escaped(compiled.error()) +
              " at character " + std::to_string(at + 1),
          "a name, or a regular expression as RE2 writes them", std::move(hint)};
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Regex::Regex(std::string_view expression)
    : compiled_(std::make_shared<const RE2>(piece(expression), byte_options())) {
  if (!compiled_->ok()) throw bad_expression(*compiled_, expression);
}

bool Regex::matches_whole(Bytes name) const { return RE2::FullMatch(piece(name), *compiled_); }

bool Regex::matches_inside(Bytes name) const { return RE2::PartialMatch(piece(name), *compiled_); }

std::optional<std::string> Regex::replace_whole(Bytes name, std::string_view replacement) const {
  std::array<re2::StringPiece, kMaxGroups> groups;
  const int wanted = std::min(kMaxGroups, compiled_->NumberOfCapturingGroups() + 1);
  if (!compiled_->Match(piece(name), 0, name.size(), RE2::ANCHOR_BOTH, groups.data(), wanted))
    return std::nullopt;
  std::string result;
  if (!compiled_->Rewrite(&result, piece(replacement), groups.data(), wanted)) return std::nullopt;
  return result;
}

void Regex::check_replacement(std::string_view replacement) const {
  std::string why;
  if (compiled_->CheckRewriteString(piece(replacement), &why)) return;
  throw Error(ErrorKind::usage,
              "the replacement " + thaw::quoted(replacement) + " does not fit " +
                  thaw::quoted(compiled_->pattern()) + ": " + why,
              "\\1 to \\9 for groups in parentheses, \\0 for the whole match",
              "put what is to be kept in parentheses");
}

bool has_metacharacters(std::string_view word) {
  return word.find_first_of(kMetacharacters) != std::string_view::npos;
}

}  // namespace thaw::internal
