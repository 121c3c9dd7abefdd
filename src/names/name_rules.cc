#include "names/name_rules.h"

#include <algorithm>

#include "names/pattern.h"
#include "names/scopes.h"

namespace thaw::internal {

namespace {

constexpr std::string_view kBlanks = " \t\r\v\f";

std::size_t unescaped_equals(std::string_view rule) {
  for (std::size_t i = 0; i < rule.size(); ++i) {
    if (rule[i] == '\\') {
      ++i;
    } else if (rule[i] == '=') {
      return i;
    }
  }
  return std::string_view::npos;
}

std::string with_plain_equals(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pair = text[i] == '\\' && i + 1 < text.size();
    if (!pair || text[i + 1] != '=') result += text[i];
    if (pair) result += text[++i];
  }
  return result;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view without_comment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || kBlanks.find(line[at - 1]) != std::string_view::npos) return line.substr(0, at);
  }
  return line;
}

Error bad_rule(std::string problem, std::string hint) {
  return {ErrorKind::usage, std::move(problem),
          "OLD=NEW: a name, scope or regular expression, and what takes its place", std::move(hint)};
}

}  // namespace

NameRule::NameRule(std::string_view rule, std::string where) : text_(rule), where_(std::move(where)) {
  try {
    const std::size_t equals = unescaped_equals(rule);
    if (equals == std::string_view::npos)
      throw bad_rule("the rule " + thaw::quoted(rule) + " has no '='", "old/scope=new/scope");
    old_ = without_output(with_plain_equals(rule.substr(0, equals)));
    new_ = without_output(with_plain_equals(rule.substr(equals + 1)));
    if (old_.empty() || old_ == "/")
      throw bad_rule("the rule " + thaw::quoted(rule) + " has nothing before its '='",
                     "'(.*)' means every name");
    if (has_metacharacters(old_)) {
      regex_.emplace(old_);
      regex_->check_replacement(new_);
    } else if (new_.find('\\') != std::string::npos) {
      throw bad_rule("the rule " + thaw::quoted(rule) + " has a group in its replacement and none in " +
                         thaw::quoted(old_),
                     "parentheses make a group: '(" + escaped(old_) + ")'");
    }
  } catch (Error& error) {
    throw error.at(where_);
  }
  if (regex_) return;
  below_only_ = old_.ends_with('/');
  if (below_only_) old_.pop_back();
  if (new_.ends_with('/')) new_.pop_back();
}

std::optional<std::string> NameRule::apply(Bytes name) const {
  std::optional<std::string> result = replaced(name);
  if (result && result->empty()) {
    Error error(ErrorKind::usage,
                "the rule " + thaw::quoted(text_) + " leaves nothing of the name " + thaw::quoted(name),
                "a new name", "name what is to stay after the '='");
    throw error.at(where_);
  }
  return result;
}

std::optional<std::string> NameRule::replaced(Bytes name) const {
  return regex_ ? regex_->replace_whole(name, new_) : moved(name);
}

std::optional<std::string> NameRule::moved(Bytes name) const {
  if (name == old_ && !below_only_) return new_;
  if (!is_below(name, old_)) return std::nullopt;
  return add_scope(name.substr(old_.size() + 1), new_);
}

void NameRules::add(std::string_view rule, std::string where) {
  rules_.emplace_back(rule, std::move(where));
  used_.push_back(false);
}

void NameRules::add_file(Bytes text, const std::string& file) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // what some editors put before UTF-8
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view rule = trimmed(without_comment(text.substr(0, end)));
    if (!rule.empty()) add(rule, file + ":" + std::to_string(number));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::optional<std::string> NameRules::apply(Bytes name) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    std::optional<std::string> result = rules_[i].apply(name);
    if (!result) continue;
    used_[i] = true;
    return result;
  }
  return std::nullopt;
}

std::vector<const NameRule*> NameRules::unused() const {
  std::vector<const NameRule*> result;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!used_[i]) result.push_back(&rules_[i]);
  }
  return result;
}

void NameRules::require_all_fit(std::span<const Bytes> names) const {
  for (const NameRule* rule : unused()) {
    const Pattern old(rule->old_part());
    const bool fits = std::ranges::any_of(names, [&](Bytes name) { return old.matches(name); });
    if (!fits) throw no_match_error(rule->where(), old, names);
  }
}

}  // namespace thaw::internal
