#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "report/phrases.h"
#include "report/saved_model_lines.h"
#include "report/training_rows.h"
#include "thaw/error.h"
#include "thaw/report.h"

namespace thaw {

namespace {

constexpr std::size_t kFewLines = 4;
constexpr std::size_t kUnsureLines = 8;

class TextReport {
 public:
  TextReport(const ThawReport& report, const TextStyle& style) : report_(report), style_(style) {}

  std::string run() {
    head();
    tensors("inputs", report_.inputs);
    tensors("outputs", report_.outputs);
    weights();
    stored();
    float_ops();
    added_state();
    carried();
    locals();
    loops();
    for (const auto& [label, text] : training_rows(report_, style_.verbose)) row(label, text);
    kept();
    unsure();
    changes();
    saved_model();
    files();
    proof();
    return std::move(out_);
  }

 private:
  void row(std::string_view label, std::string_view text) {
    out_ += fmt::format("  {:<9} {}\n", label, text);
  }

  void head() {
    const std::string path = escaped(report_.source_path);
    const std::string name = style_.color ? "\x1b[1m" + path + "\x1b[0m" : path;
    const std::string producer = report_.producer ? fmt::format(", producer {}", *report_.producer) : "";
    out_ += fmt::format("{}  {}, {}, {}{}\n", name, report_.source_format, human_bytes(report_.source_bytes),
                        plural(report_.nodes, "node", "nodes"), producer);
  }

  void tensors(std::string_view label, const std::vector<ReportedTensor>& tensors) {
    if (tensors.empty()) return row(label, "none found");
    const std::size_t shown = style_.verbose || tensors.size() <= kFewLines + 1 ? tensors.size() : kFewLines;
    for (std::size_t i = 0; i < shown; ++i) {
      const std::string shape = tensors[i].shape.unknown_rank() ? "" : " " + tensors[i].shape.to_string();
      row(i == 0 ? label : "",
          fmt::format("{}  {}{}", escaped(tensors[i].name), name_of(tensors[i].dtype), shape));
    }
    if (shown < tensors.size()) row("", fmt::format("and {} more (-v lists them)", tensors.size() - shown));
  }

  void weights() {
    std::map<Role, std::size_t> roles;
    std::uint64_t numbers = 0, bytes = 0;
    for (const ReportedVariable& variable : report_.variables) {
      ++roles[variable.role];
      numbers += static_cast<std::uint64_t>(variable.shape.element_count().value_or(0));
      bytes += variable.bytes;
    }
    std::string parts = fmt::format("{} trainable", roles[Role::trainable]);
    if (roles[Role::statistic] > 0)
      parts += fmt::format(", {}", plural(roles[Role::statistic], "moving statistic", "moving statistics"));
    if (roles[Role::state] > 0) parts += fmt::format(", {} state", roles[Role::state]);
    row("weights",
        fmt::format("{}: {}; {} numbers, {}", plural(report_.variables.size(), "variable", "variables"),
                    parts, with_commas(numbers), human_bytes(bytes)));
    if (!style_.verbose) return;
    for (const ReportedVariable& variable : report_.variables) {
      std::string also = variable.name == variable.node ? "" : "  was " + escaped(variable.node);
      also += in_function(variable.place);
      if (variable.key != variable.name) also += "  key " + escaped(variable.key);
      row("", fmt::format("{}  {} {}  {}  {}{}", escaped(variable.name), name_of(variable.dtype),
                          variable.shape.to_string(), name_of(variable.role), rules(variable.reasons), also));
    }
  }

  // By the type that the input holds them in.
  void stored() {
    std::map<std::string_view, std::size_t> counts;
    std::size_t all = 0;
    for (const ReportedVariable& variable : report_.variables) {
      if (variable.stored == DType::invalid) continue;
      ++counts[name_of(variable.stored)];
      ++all;
    }
    if (all == 0) return;
    std::string text = fmt::format("{} of them with fewer bits in the input:", all);
    for (const auto& [type, count] : counts) text += fmt::format(" {} {}", type, count);
    row("", text);
  }

  void float_ops() {
    if (!report_.float_ops) return;
    row("floats", plural(report_.float_ops->operations, "operation", "operations") +
                      " on numbers of few bits became " +
                      (report_.float_ops->operations == 1 ? "one on floats" : "operations on floats"));
  }

  static std::string in_function(const std::optional<ReportedPlace>& place) {
    return place ? fmt::format("  {} in function {}", escaped(place->node), escaped(place->function)) : "";
  }

  void added_state() {
    if (report_.added_state.empty()) return;
    row("added",
        plural(report_.added_state.size(), "entry of a new optimizer", "entries of a new optimizer") +
            ", in the checkpoint only");
    for (const std::string& key : report_.added_state) {
      if (style_.verbose) row("", escaped(key));
    }
  }

  void carried() {
    if (!report_.carried) return;
    const ReportedCarried& found = *report_.carried;
    row("carried", fmt::format("{}, values from {}", plural(found.variables, "variable", "variables"),
                               escaped(found.values_path)));
    if (!found.state.empty())
      row("",
          plural(found.state.size(), "of them is", "of them are") + " changed by the graph and as it was");
    if (!found.others.empty())
      row("", plural(found.others.size(), "other entry", "other entries") +
                  " of that checkpoint (optimizer, step), in the new one only");
    if (found.left_out > 0)
      row("", plural(found.left_out, "node", "nodes") + " left out: no output needs them");
  }

  void locals() {
    if (report_.locals.empty()) return;
    row("state", fmt::format("{} left in the graph, now local, reset by {}",
                             plural(report_.locals.size(), "variable", "variables"),
                             escaped(report_.local_initializers.front())));
    for (const std::string& local : report_.locals) {
      if (style_.verbose) row("", escaped(local));
    }
  }

  void loops() {
    if (!report_.control_flow) return;
    const ReportedControlFlow& found = *report_.control_flow;
    const auto blocked = static_cast<std::size_t>(
        std::ranges::count_if(found.loops, [](const ReportedLoop& loop) { return !loop.trains; }));
    std::string text = loops_and_conds(found.loops.size(), found.conds);
    text += ": " + passage(blocked, found);
    for (const auto& [rule, count] : found.repairs)
      text +=
          fmt::format("{}{} {}", rule == found.repairs.begin()->first ? "; repaired: " : ", ", rule, count);
    row("loops", text);
    for (const ReportedLoop& loop : found.loops) {
      if (style_.verbose)
        row("", fmt::format("{}  {}{}", escaped(loop.frame), plural(loop.variables, "variable", "variables"),
                            loop.trains ? "" : ", no gradients"));
    }
  }

  static std::string passage(std::size_t blocked, const ReportedControlFlow& found) {
    const std::size_t all = found.loops.size() + found.conds, refused = blocked + found.blocked_conds;
    if (refused == 0) return "gradients pass";
    if (refused == all) return all == 1 ? "no gradient passes it" : "no gradient passes them";
    std::string text = "no gradient passes ";
    if (blocked > 0) text += fmt::format("{} of {}", blocked, plural(found.loops.size(), "loop", "loops"));
    if (blocked > 0 && found.blocked_conds > 0) text += ", ";
    if (found.blocked_conds > 0)
      text += fmt::format("{} of {}", found.blocked_conds, plural(found.conds, "cond", "conds"));
    return text;
  }

  void kept() {
    row("kept",
        plural(report_.kept_count, "constant", "constants") + " of the program (shapes, axes, numbers)");
    if (!style_.verbose) return;
    for (const ReportedConstant& constant : report_.kept) constant_row(constant, "");
  }

  void constant_row(const ReportedConstant& constant, std::string_view tail) {
    row("",
        fmt::format("{}  {} {}  {}{}{}", escaped(constant.node), name_of(constant.dtype),
                    constant.shape.to_string(), rules(constant.reasons), in_function(constant.place), tail));
  }

  void unsure() {
    if (report_.unsure.empty()) return;
    row("unsure", plural(report_.unsure.size(), "constant", "constants") +
                      " kept; if one is a weight, add its option:");
    const std::size_t shown =
        style_.verbose ? report_.unsure.size() : std::min(report_.unsure.size(), kUnsureLines);
    for (std::size_t i = 0; i < shown; ++i)
      constant_row(report_.unsure[i], "  --thaw '" + escaped(report_.unsure[i].node) + "'");
    if (shown < report_.unsure.size())
      row("", fmt::format("and {} more (-v lists them)", report_.unsure.size() - shown));
  }

  void changes() {
    const std::map<std::string, std::size_t>& counts = report_.change_counts;
    std::size_t all = 0;
    for (const auto& [rule, count] : counts) all += count;
    std::string text = plural(all, "edit", "edits");
    for (const auto& [rule, count] : counts)
      text += fmt::format("{}{} {}", rule == counts.begin()->first ? ": " : ", ", rule, count);
    row("changes", text);
    if (!style_.verbose) return;
    for (const ReportedChange& change : report_.changes)
      row("", fmt::format("{}  {}  {}", change.rule, escaped(change.node), escaped(change.what)));
  }

  void saved_model() {
    if (!report_.saved_model) return;
    std::string_view label = "tf2";
    for (const std::string& line : saved_model_lines(*report_.saved_model))
      row(std::exchange(label, ""), line);
  }

  void files() {
    if (report_.dry_run) {
      std::string files = report_.prefix.empty() ? "" : report_.prefix + ".{index,data-00000-of-00001,meta}";
      if (report_.saved_model) files += (files.empty() ? "" : " and ") + report_.saved_model->path;
      return row("wrote", "nothing (dry run); it would be " + escaped(files));
    }
    for (std::size_t i = 0; i < report_.files.size(); ++i) {
      row(i == 0 ? "wrote" : "",
          fmt::format("{}  {}", escaped(report_.files[i].path), human_bytes(report_.files[i].bytes)));
    }
  }

  void proof() {
    const bool floats =
        report_.float_ops || std::ranges::any_of(report_.variables, [](const ReportedVariable& variable) {
          return variable.stored != DType::invalid;
        });
    const std::string nodes = fmt::format(
        "structure: frozen again, all {} nodes are those of the input{} ({} through the changes above)",
        with_commas(report_.nodes_equal + report_.nodes_explained), floats ? " in floats" : "",
        with_commas(report_.nodes_explained));
    row("proved", nodes);
    if (report_.functions_equal + report_.functions_explained > 0)
      row("",
          fmt::format("{} ({} with weights as arguments)",
                      plural(report_.functions_equal + report_.functions_explained, "function", "functions"),
                      report_.functions_explained));
    if (report_.dry_run) return;
    row("", report_.values_verified ? fmt::format("values: every byte of {} read back and equal",
                                                  plural(report_.variables.size(), "variable", "variables"))
                                    : "values: checksummed while written (--verify reads every byte back)");
  }

  static std::string rules(const Reasons& reasons) {
    std::string text;
    for (const Reason& reason : reasons) text += (text.empty() ? "" : "+") + reason.rule;
    return text;
  }

  const ThawReport& report_;
  const TextStyle& style_;
  std::string out_;
};

}  // namespace

std::string to_text(const ThawReport& report, const TextStyle& style) {
  return TextReport(report, style).run();
}

std::string to_text(const Error& error, const TextStyle& style) {
  std::string text = style.color ? "\x1b[31merror:\x1b[0m " : "error: ";
  for (const std::string& place : error.places()) text += place + ": ";
  text += error.problem() + "\n";
  if (!error.expected().empty()) text += "  expected: " + error.expected() + "\n";
  if (!error.hint().empty()) text += "  try:      " + error.hint() + "\n";
  return text;
}

}  // namespace thaw
