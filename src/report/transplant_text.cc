#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/phrases.h"
#include "thaw/error.h"
#include "thaw/transplant.h"

namespace thaw {

namespace {

constexpr std::size_t kFewEntries = 8;
constexpr std::size_t kFewNames = 4;

std::string_view phrase_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::missing:
      return "missing";
    case FindingKind::mismatch:
      return "differs";
    case FindingKind::ambiguous:
      return "unclear";
    case FindingKind::derived:
      return "derived";
    case FindingKind::left_over:
      return "left over";
  }
  return "";
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kFewNames); ++i)
    text += (i == 0 ? "" : ", ") + escaped(names[i]);
  if (names.size() > kFewNames) text += fmt::format(" and {} more", names.size() - kFewNames);
  return text;
}

class TransplantText {
 public:
  TransplantText(const TransplantReport& report, const TextStyle& style) : report_(report), style_(style) {}

  std::string run() {
    head();
    weights();
    scopes();
    layouts();
    rest();
    names("left out", report_.skipped, "");
    names("state", report_.unfrozen, "  has no value in the model and no place in a checkpoint");
    findings();
    files();
    return std::move(out_);
  }

 private:
  void row(std::string_view label, std::string_view text) {
    out_ += fmt::format("  {:<9} {}\n", label, text);
  }

  void head() {
    const std::string path = escaped(report_.source_path);
    const std::string name = style_.color ? "\x1b[1m" + path + "\x1b[0m" : path;
    out_ += fmt::format("{}  {}, {}\n", name, report_.source_format, human_bytes(report_.source_bytes));
    row("into", fmt::format("{}  {}, {}", escaped(report_.target_path), report_.target_format,
                            plural(report_.target_entries, "entry", "entries")));
  }

  void weights() {
    std::map<MatchStage, std::size_t> stages;
    std::set<std::string> placed;
    std::uint64_t bytes = 0;
    for (const TransplantedEntry& entry : report_.entries) {
      if (entry.origin != Origin::weight) continue;
      ++stages[entry.stage];
      placed.insert(entry.weight);
      placed.insert(entry.joined.begin(), entry.joined.end());
      bytes += entry.bytes;
    }
    std::string how;
    for (const auto& [stage, count] : stages)
      how += fmt::format("{}{} {}", how.empty() ? ": " : ", ", with_commas(count), phrase_of(stage));
    row("weights", fmt::format("{} of {} placed{}; {}", with_commas(placed.size()),
                               plural(report_.weights, "weight", "weights"), how, human_bytes(bytes)));
    if (!style_.verbose) return;
    for (const TransplantedEntry& entry : report_.entries) {
      if (entry.origin == Origin::weight)
        row("", fmt::format("{} <- {}  {} {}  {}{}", escaped(entry.key), escaped(entry.weight),
                            name_of(entry.dtype), entry.shape.to_string(), name_of(entry.stage),
                            entry.why.empty() ? "" : ": " + escaped(entry.why)));
    }
  }

  void scopes() {
    std::map<std::string, std::size_t> scopes;
    for (const TransplantedEntry& entry : report_.entries) {
      if (entry.origin == Origin::weight && entry.stage == MatchStage::scope) ++scopes[entry.why];
    }
    for (const auto& [scope, count] : scopes)
      row("", fmt::format("{}: {}", escaped(scope), plural(count, "weight", "weights")));
  }

  void layouts() {
    std::map<std::string, std::vector<std::string>> changes;
    for (const TransplantedEntry& entry : report_.entries) {
      if (!entry.layout.empty()) changes[entry.layout_rule + "  " + entry.layout].push_back(entry.key);
    }
    bool first = true;
    for (const auto& [change, keys] : changes) {
      row(first ? "layout" : "", fmt::format("{}: {}", change, join(keys)));
      first = false;
    }
  }

  // What the model has nothing for.
  void rest() {
    std::map<std::pair<Origin, std::string>, std::size_t> kinds;
    for (const TransplantedEntry& entry : report_.entries) {
      if (entry.origin != Origin::weight) ++kinds[{entry.origin, entry.why}];
    }
    bool first = true;
    for (const auto& [kind, count] : kinds) {
      row(first ? "others" : "",
          fmt::format("{} {}: {}", with_commas(count), name_of(kind.first), escaped(kind.second)));
      first = false;
    }
    if (!style_.verbose) return;
    for (const TransplantedEntry& entry : report_.entries) {
      if (entry.origin != Origin::weight)
        row("", fmt::format("{}  {} {}  {}: {}", escaped(entry.key), name_of(entry.dtype),
                            entry.shape.to_string(), name_of(entry.origin), escaped(entry.why)));
    }
  }

  void names(std::string_view label, const std::vector<std::string>& names, std::string_view tail) {
    if (!names.empty()) row(label, join(names) + std::string(tail));
  }

  static std::string sentence(const TransplantFinding& finding) {
    const bool from_model = finding.kind == FindingKind::left_over || finding.entries.empty();
    const std::vector<std::string>& about = from_model ? finding.weights : finding.entries;
    const std::vector<std::string>& other = from_model ? finding.entries : finding.weights;
    std::string text = join(about) + "  " + finding.what;
    if (!other.empty() && finding.kind != FindingKind::mismatch)
      text += (from_model ? "; perhaps " : "; perhaps the model's ") + join(other);
    return text;
  }

  void findings() {
    std::map<FindingKind, std::size_t> shown;
    std::vector<std::string> rules;
    for (const TransplantFinding& finding : report_.findings) {
      const std::size_t before = shown[finding.kind]++;
      if (!finding.rule.empty() && std::ranges::count(rules, finding.rule) == 0)
        rules.push_back(finding.rule);
      if (!style_.verbose && before >= kFewEntries) continue;
      row(before == 0 ? phrase_of(finding.kind) : "", sentence(finding));
    }
    for (const auto& [kind, count] : shown) {
      if (!style_.verbose && count > kFewEntries)
        row("", fmt::format("{}: and {} more (-v lists them)", phrase_of(kind), count - kFewEntries));
    }
    const std::size_t few = style_.verbose ? rules.size() : std::min(rules.size(), kFewEntries);
    for (std::size_t i = 0; i < few; ++i) row(i == 0 ? "try" : "", escaped(rules[i]));
  }

  void files() {
    if (!report_.complete) return row("wrote", "nothing: the plan is not complete");
    if (report_.dry_run) {
      const bool set = report_.result == ResultKind::checkpoint;
      return row("wrote", "nothing (dry run); it would be " + escaped(report_.prefix) +
                              (set ? ".{index,data-00000-of-00001}" : ""));
    }
    for (std::size_t i = 0; i < report_.files.size(); ++i) {
      row(i == 0 ? "wrote" : "",
          fmt::format("{}  {}", escaped(report_.files[i].path), human_bytes(report_.files[i].bytes)));
    }
    row("proved", fmt::format("read back: names, types and shapes of {}",
                              plural(report_.entries.size(), "entry", "entries")));
    row("", report_.values_verified ? "values: every byte read back and equal"
                                    : "values: checksummed while written (--verify reads every byte back)");
  }

  const TransplantReport& report_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string to_text(const TransplantReport& report, const TextStyle& style) {
  return TransplantText(report, style).run();
}

}  // namespace thaw
