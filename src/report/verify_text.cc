#include <algorithm>
#include <map>

#include "report/phrases.h"
#include "report/screen.h"
#include "thaw/error.h"
#include "thaw/verify.h"

namespace thaw {

namespace {

constexpr std::size_t kFewProblems = 8;

struct CheckWords {
  const char* name;
  const char* one;
  const char* many;
};
constexpr CheckWords kChecks[] = {{"index", "entry", "entries"},    {"data", "tensor", "tensors"},
                                  {"objects", "object", "objects"}, {"graph", "node", "nodes"},
                                  {"assets", "file", "files"},      {"weights", "weight", "weights"},
                                  {"frozen", "node", "nodes"}};

class VerifyText {
 public:
  VerifyText(const VerifyReport& report, const TextStyle& style) : report_(report), style_(style) {}

  std::string run() {
    head();
    for (const VerifyCheck& check : report_.checks) row(check.passed ? "ok" : "failed", text_of(check));
    if (style_.verbose) weights();
    others();
    problems();
    end();
    return std::move(out_);
  }

 private:
  void row(std::string_view label, const std::string& text) {
    const bool bad = style_.color && (label == "failed" || label == "not verified");
    const bool good = style_.color && label == "verified";
    const std::string shown(label);
    out_ += "  " + (bad ? "\x1b[31m" + shown + "\x1b[0m" : good ? "\x1b[32m" + shown + "\x1b[0m" : shown);
    out_ += gap_after(label) + text + "\n";
  }

  void head() {
    const std::string path = escaped(report_.path);
    out_ += (style_.color ? "\x1b[1m" + path + "\x1b[0m" : path) + "  " + report_.format;
    if (report_.entries > 0) out_ += ", " + plural(report_.entries, "entry", "entries");
    out_ += "\n";
    if (!report_.model) return;
    row("against", escaped(report_.model->path) + "  " + report_.model->format + ", " +
                       human_bytes(report_.model->bytes));
  }

  std::string text_of(const VerifyCheck& check) const {
    std::string text = check.name + ": ";
    if (check.name == "weights" && !report_.weights.empty()) {
      text += weights_text();
    } else {
      const auto words = std::ranges::find(kChecks, check.name, &CheckWords::name);
      text += plural(check.count, words->one, words->many);
    }
    if (check.bytes > 0) text += ", " + human_bytes(check.bytes);
    if (!check.what.empty()) text += "; " + check.what;
    return text;
  }

  // "14 of 14 equal bit for bit: 12 by name, 2 by content"
  std::string weights_text() const {
    std::map<MatchStage, std::size_t> stages;
    std::size_t equal = 0, by_content = 0;
    for (const VerifiedWeight& weight : report_.weights) {
      if (!weight.equal) continue;
      ++equal;
      if (weight.by_content) {
        ++by_content;
      } else {
        ++stages[weight.stage];
      }
    }
    std::string how;
    const auto add = [&how](std::size_t count, std::string_view phrase) {
      how += (how.empty() ? ": " : ", ") + with_commas(count) + " " + std::string(phrase);
    };
    for (const auto& [stage, count] : stages) add(count, phrase_of(stage));
    if (by_content > 0) add(by_content, "by content");
    const char* same = report_.tolerance > 0 ? " within the tolerance" : " equal bit for bit";
    return with_commas(equal) + " of " + plural(report_.weights.size(), "weight", "weights") + same + how;
  }

  void weights() {
    for (const VerifiedWeight& weight : report_.weights) {
      std::string text = escaped(weight.weight) + "  " + std::string(name_of(weight.dtype)) + " " +
                         weight.shape.to_string() + "  ";
      text += weight.key.empty() ? "nowhere"
                                 : (weight.equal ? "equal to " : "differs from ") + escaped(weight.key);
      if (weight.by_content) text += ", found by content";
      if (!weight.why.empty()) text += ": " + escaped(weight.why);
      row("", text);
    }
  }

  void others() {
    std::map<std::string, std::size_t> kinds;
    for (const OtherEntry& other : report_.others) ++kinds[other.why];
    bool first = true;
    for (const auto& [why, count] : kinds) {
      row(first ? "others" : "",
          plural(count, "entry", "entries") + ": " + (why.empty() ? "not of the model" : escaped(why)));
      first = false;
    }
  }

  static std::string place_of(const VerifyProblem& problem) {
    std::string text = escaped(problem.file);
    const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (problem.byte) add("byte " + with_commas(*problem.byte));
    if (!problem.key.empty()) add("tensor '" + escaped(problem.key) + "'");
    if (!problem.node.empty()) add("node '" + escaped(problem.node) + "'");
    return text;
  }

  void problems() {
    const std::size_t all = report_.problems.size();
    const std::size_t shown = style_.verbose ? all : std::min(all, kFewProblems);
    std::string last_hint;
    for (std::size_t i = 0; i < shown; ++i) {
      const VerifyProblem& problem = report_.problems[i];
      row(name_of(problem.kind), place_of(problem));
      row("", problem.what);
      if (!problem.expected.empty()) row("", "expected: " + problem.expected);
      if (!problem.hint.empty() && problem.hint != last_hint) row("", "try: " + problem.hint);
      last_hint = problem.hint;
    }
    if (all > shown) row("", "and " + plural(all - shown, "problem", "problems") + " more (-v lists them)");
  }

  void end() {
    if (!report_.verified())
      return row("not verified", plural(report_.problems.size(), "problem", "problems"));
    row("verified", report_.model ? "it is whole, and what it was made from is in it" : "it is whole");
  }

  const VerifyReport& report_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string to_text(const VerifyReport& report, const TextStyle& style) {
  return VerifyText(report, style).run();
}

}  // namespace thaw
