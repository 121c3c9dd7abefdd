#include <algorithm>
#include <charconv>
#include <map>

#include "report/phrases.h"
#include "report/screen.h"
#include "thaw/diff.h"
#include "thaw/error.h"

namespace thaw {

namespace {

constexpr std::size_t kFewDifferences = 8;
constexpr std::uint64_t kFewElements = 8;  // so many are in the texts of tensors

std::string number_text(double number) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::general, 3).ptr;
  return {text, end};
}

// "3 of 4 numbers, max |Δ| 0.25, relative 0.1".
std::string delta_text(const ValueDelta& delta) {
  const bool all = delta.changed == delta.elements;
  std::string text =
      all ? "all " + plural(delta.elements, "element", "elements")
          : with_commas(delta.changed) + " of " + plural(delta.elements, "element", "elements");
  if (delta.largest && *delta.largest == 0) return text + ", in signs of zero only";
  if (delta.largest) text += ", max |Δ| " + number_text(*delta.largest);
  if (delta.relative) text += ", relative " + number_text(*delta.relative);
  if (delta.not_finite > 0) text += ", " + with_commas(delta.not_finite) + " NaN or infinite";
  return text;
}

std::string or_none(const std::string& text) { return text.empty() ? "none" : escaped(text); }

std::string part_text(const PartDifference& part) {
  const std::string change = or_none(part.from) + " -> " + or_none(part.to);
  switch (part.part) {
    case NodePart::op:
      return "op " + change;
    case NodePart::device:
      return "device " + change;
    case NodePart::input:
      return "input " + part.name + ": " + change;
    case NodePart::control:
      return part.from.empty() ? "waits for " + escaped(part.to) : "waits no more for " + escaped(part.from);
    case NodePart::value:
      if (part.delta && part.delta->elements > kFewElements)
        return escaped(part.name) + ": " + delta_text(*part.delta);
      break;
    case NodePart::other:
      if (part.from.empty() && part.to.empty()) return escaped(part.name);
      break;
    default:
      break;
  }
  return escaped(part.name) + ": " + change;
}

std::string tensor_head(DType dtype, const Shape& shape) {
  return std::string(name_of(dtype)) + " " + shape.to_string();
}

std::string weight_text(const WeightDifference& weight) {
  std::string text = escaped(weight.name);
  if (weight.change == WeightChange::renamed)
    return text + " is " + escaped(weight.other_name) + " in B: the same bits";
  if (!weight.other_name.empty()) text += " (B: " + escaped(weight.other_name) + ")";
  const bool in_a = weight.change != WeightChange::only_b;
  text += "  " +
          (in_a ? tensor_head(weight.dtype_a, weight.shape_a) : tensor_head(weight.dtype_b, weight.shape_b));
  if (weight.change == WeightChange::shape || weight.change == WeightChange::dtype)
    text += " -> " + tensor_head(weight.dtype_b, weight.shape_b);
  if (weight.delta) text += ": " + delta_text(*weight.delta);
  return text;
}

std::string_view label_of(WeightChange change) {
  switch (change) {
    case WeightChange::values:
      return "changed";
    case WeightChange::shape:
      return "shape";
    case WeightChange::dtype:
      return "dtype";
    case WeightChange::only_a:
      return "only in A";
    case WeightChange::only_b:
      return "only in B";
    case WeightChange::renamed:
      return "renamed?";
    case WeightChange::unknown:
      return "no values";
  }
  return "";
}

std::string_view phrase_of(WeightChange change) {
  switch (change) {
    case WeightChange::values:
      return " changed";
    case WeightChange::shape:
      return " of another shape";
    case WeightChange::dtype:
      return " of another type";
    case WeightChange::only_a:
      return " only in A";
    case WeightChange::only_b:
      return " only in B";
    case WeightChange::renamed:
      return " under another name";
    case WeightChange::unknown:
      return " without values to compare";
  }
  return "";
}

class DiffText {
 public:
  DiffText(const DiffReport& report, const DiffStyle& style) : report_(report), style_(style) {}

  std::string run() {
    side(report_.a);
    side(report_.b);
    weights();
    graph();
    if (!report_.differs()) row("result", "no difference" + limits());
    return std::move(out_);
  }

 private:
  // What the verdict is about, where it is not about all.
  std::string limits() const {
    if (!report_.graph_compared) return " in weights";
    return report_.weights_compared || !report_.a.weights ? "" : " in graphs";
  }

  void row(std::string_view label, std::string_view text) {
    out_ += "  " + std::string(label) + gap_after(label) + std::string(text) + "\n";
  }

  // As many as fit on a screen with others; -v shows all, --stat none.
  void rows(std::string_view label, const std::vector<std::string>& texts) {
    if (style_.stat) return;
    const bool all = style_.verbose || texts.size() <= kFewDifferences + 1;
    const std::size_t shown = all ? texts.size() : kFewDifferences;
    for (std::size_t i = 0; i < shown; ++i) row(i == 0 ? label : "", texts[i]);
    if (shown < texts.size()) row("", "and " + with_commas(texts.size() - shown) + " more (-v lists them)");
  }

  void side(const DiffSide& side) {
    const std::string path = escaped(side.path);
    out_ += style_.color ? "\x1b[1m" + path + "\x1b[0m" : path;
    out_ += "  " + side.format + ", " + human_bytes(side.bytes);
    if (side.nodes) out_ += ", " + plural(*side.nodes, "node", "nodes");
    if (side.weights) out_ += ", " + plural(*side.weights, "weight", "weights");
    out_ += "\n";
  }

  void weights() {
    if (!report_.weights_compared) return;
    std::map<WeightChange, std::size_t> counts;
    for (const WeightDifference& weight : report_.weights)
      counts[weight.change] += weight.state.empty() ? 1 : 0;
    std::string text = with_commas(report_.weights_equal) + " equal";
    if (report_.weights_within > 0)
      text += " (" + with_commas(report_.weights_within) + " within the tolerance only)";
    for (const auto& [change, count] : counts) {
      if (count > 0) text += ", " + with_commas(count) + std::string(phrase_of(change));
    }
    row("weights", text);
    for (const auto& [change, count] : counts) weights_of(change);
    state();
  }

  void weights_of(WeightChange change) {
    std::vector<std::string> texts;
    for (const WeightDifference& weight : report_.weights) {
      if (weight.change == change && weight.state.empty()) texts.push_back(weight_text(weight));
    }
    rows(label_of(change), texts);
  }

  // What training keeps beside the weights: many entries, seldom what is looked for.
  void state() {
    std::map<std::string, std::size_t> kinds;
    for (const WeightDifference& weight : report_.weights) {
      if (!weight.state.empty()) ++kinds[weight.state + std::string(phrase_of(weight.change))];
    }
    bool first = true;
    for (const auto& [kind, count] : kinds) {
      row(first ? "others" : "", with_commas(count) + " " + kind);
      first = false;
    }
    if (!style_.verbose || style_.stat) return;
    for (const WeightDifference& weight : report_.weights) {
      if (!weight.state.empty()) row("", weight_text(weight) + "  " + weight.state);
    }
  }

  void graph() {
    if (!report_.graph_note.empty()) row("graph", "not compared: " + report_.graph_note);
    if (!report_.graph_compared) return;
    const GraphDifference& found = report_.graph;
    row("graph", counted(found.nodes, plural(found.nodes.equal, "node", "nodes") + " equal"));
    if (found.frozen + found.left_out > 0) {
      row("frozen", plural(found.frozen, "variable or read is", "variables and reads are") + " constants, " +
                        plural(found.left_out, "node", "nodes") + " left out: no difference");
    }
    nodes(found.nodes, "");
    functions(found);
    parts("versions", found.versions);
    parts("library", found.library);
  }

  static std::string counted(const NodesDifference& nodes, std::string text) {
    if (!nodes.changed.empty()) text += ", " + with_commas(nodes.changed.size()) + " changed";
    if (!nodes.removed.empty()) text += ", " + with_commas(nodes.removed.size()) + " only in A";
    if (!nodes.added.empty()) text += ", " + with_commas(nodes.added.size()) + " only in B";
    return text;
  }

  static std::vector<std::string> names(const std::vector<NamedNode>& nodes, const std::string& scope) {
    std::vector<std::string> texts;
    for (const NamedNode& node : nodes) texts.push_back(scope + escaped(node.name) + "  " + escaped(node.op));
    return texts;
  }

  void nodes(const NodesDifference& nodes, const std::string& scope) {
    rows("only in A", names(nodes.removed, scope));
    rows("only in B", names(nodes.added, scope));
    std::vector<std::string> texts;
    for (const NodeDifference& node : nodes.changed) {
      const std::string other = node.other_name.empty() ? "" : " (B: " + escaped(node.other_name) + ")";
      for (const PartDifference& part : node.parts)
        texts.push_back(scope + escaped(node.name) + other + "  " + part_text(part));
    }
    rows("changed", texts);
  }

  void functions(const GraphDifference& found) {
    const std::size_t differ =
        found.functions_changed.size() + found.functions_removed.size() + found.functions_added.size();
    if (found.functions_equal + differ == 0) return;
    std::string text = with_commas(found.functions_equal) + " equal";
    if (!found.functions_renamed.empty())
      text += " (" + with_commas(found.functions_renamed.size()) + " under another name)";
    if (!found.functions_changed.empty())
      text += ", " + with_commas(found.functions_changed.size()) + " changed";
    if (!found.functions_removed.empty())
      text += ", " + with_commas(found.functions_removed.size()) + " only in A";
    if (!found.functions_added.empty())
      text += ", " + with_commas(found.functions_added.size()) + " only in B";
    row("functions", text);
    rows("only in A", escaped_all(found.functions_removed));
    rows("only in B", escaped_all(found.functions_added));
    for (const FunctionDifference& function : found.functions_changed) one_function(function);
  }

  void one_function(const FunctionDifference& function) {
    const std::string other = function.other_name.empty() ? "" : " (B: " + escaped(function.other_name) + ")";
    if (!style_.stat)
      row("function", escaped(function.name) + other + ": " +
                          counted(function.nodes, plural(function.nodes.equal, "node", "nodes") + " equal"));
    parts("", function.parts);
    nodes(function.nodes, "");
  }

  static std::vector<std::string> escaped_all(const std::vector<std::string>& names) {
    std::vector<std::string> texts;
    for (const std::string& name : names) texts.push_back(escaped(name));
    return texts;
  }

  void parts(std::string_view label, const std::vector<PartDifference>& parts) {
    std::vector<std::string> texts;
    for (const PartDifference& part : parts) texts.push_back(part_text(part));
    if (style_.stat && !texts.empty() && !label.empty())
      return row(label, plural(texts.size(), "difference", "differences"));
    rows(label, texts);
  }

  const DiffReport& report_;
  const DiffStyle& style_;
  std::string out_;
};

}  // namespace

std::string to_text(const DiffReport& report, const DiffStyle& style) {
  return DiffText(report, style).run();
}

}  // namespace thaw
