
#include "report/phrases.h"
#include "report/screen.h"
#include "thaw/error.h"
#include "thaw/freeze.h"

namespace thaw {

namespace {

constexpr std::size_t kFewVariables = 4;

class FreezeText {
 public:
  FreezeText(const FreezeReport& report, const TextStyle& style) : report_(report), style_(style) {}

  std::string run() {
    head();
    tensors("inputs", report_.inputs);
    tensors("outputs", report_.outputs);
    frozen();
    state();
    tables();
    pruned();
    functions();
    changes();
    file();
    return std::move(out_);
  }

 private:
  void row(std::string_view label, std::string_view text) {
    out_ += "  " + std::string(label) + gap_after(label);
    out_ += std::string(text) + "\n";
  }

  // So many of a list are shown.
  std::size_t shown(std::size_t size) const {
    return style_.verbose || size <= kFewVariables + 1 ? size : kFewVariables;
  }
  void rest(std::size_t size) {
    if (shown(size) < size) row("", "and " + with_commas(size - shown(size)) + " more (-v lists them)");
  }

  void head() {
    const std::string path = escaped(report_.source_path);
    const std::string name = style_.color ? "\x1b[1m" + path + "\x1b[0m" : path;
    const std::string producer = report_.producer ? ", producer " + std::to_string(*report_.producer) : "";
    out_ += name + "  " + report_.source_format + ", " + plural(report_.source_nodes, "node", "nodes") +
            producer + "\n";
    if (!report_.signature.empty()) row("signature", escaped(report_.signature));
  }

  void tensors(std::string_view label, const std::vector<ReportedTensor>& tensors) {
    if (tensors.empty()) return row(label, "none");
    for (std::size_t i = 0; i < shown(tensors.size()); ++i) {
      const std::string shape = tensors[i].shape.unknown_rank() ? "" : " " + tensors[i].shape.to_string();
      const std::string type =
          tensors[i].dtype == DType::invalid ? "" : "  " + std::string(name_of(tensors[i].dtype));
      row(i == 0 ? label : "", escaped(tensors[i].name) + type + shape);
    }
    rest(tensors.size());
  }

  void frozen() {
    std::uint64_t numbers = 0, bytes = 0;
    for (const ReportedFrozen& variable : report_.variables) {
      numbers += static_cast<std::uint64_t>(variable.shape.element_count().value_or(0));
      bytes += variable.bytes;
    }
    row("frozen", plural(report_.variables.size(), "variable", "variables") + "; " +
                      plural(numbers, "number", "numbers") + ", " + human_bytes(bytes));
    if (!report_.values_path.empty()) row("", "values of " + escaped(report_.values_path));
    if (!style_.verbose) return;
    for (const ReportedFrozen& variable : report_.variables) {
      const std::string key = variable.key == variable.name ? "" : "  key " + escaped(variable.key);
      row("", escaped(variable.name) + "  " + std::string(name_of(variable.dtype)) + " " +
                  variable.shape.to_string() + key);
    }
  }

  void state() {
    for (std::size_t i = 0; i < shown(report_.state.size()); ++i) {
      row(i == 0 ? "state" : "",
          escaped(report_.state[i].name) + "  stays a variable: " + report_.state[i].why);
    }
    rest(report_.state.size());
  }

  void tables() {
    for (std::size_t i = 0; i < shown(report_.tables.size()); ++i)
      row(i == 0 ? "tables" : "", escaped(report_.tables[i]));
    rest(report_.tables.size());
  }

  void pruned() {
    if (report_.pruned > 0)
      row("left out", plural(report_.pruned, "node", "nodes") + " that the outputs do not need");
  }

  void functions() {
    if (report_.functions == 0) return;
    const std::string made = report_.functions_frozen == 0 ? ""
                                                           : ", " + with_commas(report_.functions_frozen) +
                                                                 " of them with constants for variables";
    row("functions", with_commas(report_.functions) + made);
  }

  void changes() {
    std::size_t all = 0;
    for (const auto& [rule, count] : report_.change_counts) all += count;
    std::string text = plural(all, "edit", "edits");
    for (const auto& [rule, count] : report_.change_counts)
      text +=
          (rule == report_.change_counts.begin()->first ? ": " : ", ") + rule + " " + std::to_string(count);
    row("changes", text);
    if (!style_.verbose) return;
    for (const ReportedChange& change : report_.changes)
      row("", change.rule + "  " + escaped(change.node) + "  " + escaped(change.what));
  }

  void file() {
    const std::string file = escaped(report_.path) + "  " + human_bytes(report_.bytes);
    if (report_.dry_run) return row("wrote", "nothing (dry run); it would be " + file);
    row("wrote", file);
    row("proved", "read back: " + plural(report_.nodes, "node", "nodes") + ", types and shapes of " +
                      plural(report_.variables.size(), "constant", "constants"));
    row("", report_.values_verified ? "values: every byte read back and equal"
                                    : "values: checksummed while read (--verify reads every byte back)");
  }

  const FreezeReport& report_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string to_text(const FreezeReport& report, const TextStyle& style) {
  return FreezeText(report, style).run();
}

}  // namespace thaw
