// Name rules: how variables get other names (--rename, --rules).
//
// A rule is `OLD=NEW`, split at the first '=' that no backslash precedes; `\=` stands for the character.
// - OLD without metacharacters is a name or a scope: `old/scope=new/scope` renames that node and moves all
//   below it, `old/=new/` moves only what is below. An empty NEW lifts it to the top: `tower_0=`.
// - Any other OLD is a regular expression (RE2) that must match the whole name. NEW may hold \1 to \9 for
//   its groups and \0 for all of it: `tower_\d+/(.*)=\1`.
// The first rule that matches wins, and only it is applied: rules do not work on each other's results.
// A rules file holds one rule a line. Blank lines are skipped, and so is all from a '#' that starts a line or
// follows a blank; blanks at either end of a line are dropped.
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

class NameRule {
 public:
  // `where`: what errors call it, such as "--rename" or "rules.txt:3". Throws usage.
  NameRule(std::string_view rule, std::string where);

  // The new name, when the rule is about this one. Throws usage when nothing would be left of it.
  std::optional<std::string> apply(Bytes name) const;

  const std::string& text() const { return text_; }
  const std::string& where() const { return where_; }
  // A name or an expression as an error about a rule without effect shows it.
  const std::string& old_part() const { return old_; }

 private:
  std::optional<std::string> replaced(Bytes name) const;
  std::optional<std::string> moved(Bytes name) const;

  std::string text_, where_;
  std::string old_, new_;
  bool below_only_ = false;
  std::optional<Regex> regex_;
};

class NameRules {
 public:
  bool empty() const { return rules_.empty(); }
  void add(std::string_view rule, std::string where);
  // All of a rules file. `file`: what errors call it.
  void add_file(Bytes text, const std::string& file);

  // The new name by the first rule that matches; nothing when none does. A rule that gives the name back
  // unchanged matches.
  std::optional<std::string> apply(Bytes name);

  // Rules that never won, in order.
  std::vector<const NameRule*> unused() const;
  // Throws usage for the first rule that no name of `names` fits. A rule that fits but always comes too late
  // is no error.
  void require_all_fit(std::span<const Bytes> names) const;

 private:
  std::vector<NameRule> rules_;
  std::vector<bool> used_;
};

}  // namespace thaw::internal
