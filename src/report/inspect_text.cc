#include <algorithm>
#include <map>

#include "report/phrases.h"
#include "report/screen.h"
#include "thaw/error.h"
#include "thaw/inspect.h"

namespace thaw {

namespace {

constexpr std::size_t kFew = 4;

std::string amount_of(const InspectedTotal& total) {
  return plural(total.numbers, "number", "numbers") + ", " + human_bytes(total.bytes);
}

class InspectText {
 public:
  InspectText(const InspectReport& report, const InspectStyle& style)
      : report_(report), style_(style), screen_(style.width) {}

  std::string run() {
    head();
    for (const InspectedGraph& graph : report_.graphs) {
      if (report_.graphs.size() > 1) tags(graph);
      origin(graph);
      tensors("inputs", graph.inputs);
      tensors("outputs", graph.outputs);
      if (graph.signatures.size() > 1)
        screen_.row("", plural(graph.signatures.size(), "signature", "signatures") + " in all (--io)");
      weights(graph);
      constants(graph);
      training(graph);
      refusal(graph);
    }
    checkpoint();
    return screen_.take();
  }

 private:
  std::size_t shown_of(std::size_t count) const { return style_.verbose || count <= kFew + 1 ? count : kFew; }

  void more(std::size_t count, std::size_t shown) {
    if (shown < count) screen_.row("", "and " + with_commas(count - shown) + " more (-v lists them)");
  }

  static std::string size_of(const InspectedGraph& graph) {
    std::string text = plural(graph.nodes, "node", "nodes");
    if (graph.functions > 0)
      text += ", " + plural(graph.functions, "function", "functions") + " of " +
              plural(graph.function_nodes, "node", "nodes");
    return text;
  }

  void head() {
    std::string name = escaped(report_.path);
    if (style_.color) name = "\x1b[1m" + name + "\x1b[0m";
    std::string text = name + "  " + report_.format + ", " + human_bytes(report_.bytes);
    if (report_.files.size() > 1) text += " in " + plural(report_.files.size(), "file", "files");
    if (report_.graphs.size() == 1) text += ", " + size_of(report_.graphs.front());
    if (report_.graphs.size() > 1) text += ", " + plural(report_.graphs.size(), "graph", "graphs");
    screen_.line(text);
    if (!style_.verbose || report_.files.size() < 2) return;
    for (std::size_t i = 0; i < report_.files.size(); ++i)
      screen_.row(i == 0 ? "files" : "", escaped(report_.files[i].path), human_bytes(report_.files[i].bytes));
  }

  void tags(const InspectedGraph& graph) {
    std::string text;
    for (const std::string& tag : graph.tags) text += (text.empty() ? "" : ",") + escaped(tag);
    screen_.row("graph", (text.empty() ? "without tags" : text) + ": " + size_of(graph));
  }

  void origin(const InspectedGraph& graph) {
    std::string made = escaped(graph.made_by);
    if (made.empty())
      made = graph.producer ? "" : "nothing tells which TensorFlow (several freezers leave no version)";
    if (graph.producer)
      made += std::string(made.empty() ? "" : ", ") + "producer " + std::to_string(*graph.producer);
    screen_.row("made by", made);
    const std::size_t shown = style_.verbose ? graph.tools.size() : std::min(graph.tools.size(), 2 * kFew);
    for (std::size_t i = 0; i < shown; ++i) {
      const InspectedTool& tool = graph.tools[i];
      std::string text = tool.tool + ": " + tool.mark;
      if (tool.count > 0) text += " (" + plural(tool.count, "node", "nodes") + ")";
      if (style_.verbose && !tool.example.empty()) text += ", first " + named(tool.example);
      screen_.row(i == 0 ? "tools" : "", text);
    }
    more(graph.tools.size(), shown);
  }

  void tensors(std::string_view label, const std::vector<InspectedTensor>& tensors) {
    if (tensors.empty()) return screen_.row(label, "none found");
    const std::size_t shown = shown_of(tensors.size());
    std::string last;
    for (std::size_t i = 0; i < shown; ++i) {
      const InspectedTensor& tensor = tensors[i];
      std::string text(name_of(tensor.dtype));
      if (!tensor.shape.unknown_rank()) text += " " + tensor.shape.to_string();
      if (tensor.why != last) text += "  (" + tensor.why + ")";
      last = tensor.why;
      screen_.row(i == 0 ? label : "", escaped(tensor.name), text);
    }
    more(tensors.size(), shown);
  }

  void weights(const InspectedGraph& graph) {
    struct Part {
      const InspectedTotal& total;
      const char *one, *many;
    };
    InspectedTotal all;
    std::vector<std::string> lines;
    for (const Part& part : {Part{graph.trainable, "trainable", "trainable"},
                             Part{graph.statistic, "moving statistic", "moving statistics"},
                             Part{graph.state, "state", "state"}}) {
      if (part.total.tensors == 0) continue;
      all.tensors += part.total.tensors;
      all.numbers += part.total.numbers;
      all.bytes += part.total.bytes;
      lines.push_back(plural(part.total.tensors, part.one, part.many) + ": " + amount_of(part.total));
    }
    if (all.tensors == 0) return screen_.row("weights", "none found");
    const std::string all_one = graph.trainable.tensors == all.tensors ? "trainable " : "";
    std::string kind = plural(all.tensors, all_one + "weight", all_one + "weights");
    const auto variables = static_cast<std::size_t>(
        std::ranges::count_if(graph.weights, [](const InspectedWeight& weight) { return !weight.frozen; }));
    if (variables > 0) kind = plural(all.tensors, all_one + "variable", all_one + "variables");
    screen_.row("weights", kind + ": " + amount_of(all));
    if (lines.size() > 1 || graph.trainable.tensors == 0) {
      for (const std::string& line : lines) screen_.row("", line);
    }
    const auto empty = static_cast<std::size_t>(std::ranges::count_if(
        graph.weights, [](const InspectedWeight& weight) { return !weight.has_value; }));
    if (empty > 0) screen_.row("", with_commas(empty) + " of them without a value here");
  }

  void constants(const InspectedGraph& graph) {
    if (graph.kept_count > 0)
      screen_.row("kept", plural(graph.kept_count, "constant", "constants") +
                              " of the program (shapes, axes, numbers)");
    if (graph.unsure.empty()) return;
    screen_.row("unsure", plural(graph.unsure.size(), "constant", "constants") + " that may be weights:");
    const std::size_t shown = shown_of(graph.unsure.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const ReportedConstant& constant = graph.unsure[i];
      screen_.row("", escaped(constant.node),
                  std::string(name_of(constant.dtype)) + " " + constant.shape.to_string());
    }
    more(graph.unsure.size(), shown);
  }

  void training(const InspectedGraph& graph) {
    const InspectedTraining& found = graph.training;
    if (found.trainable == 0) return;
    const std::string all = plural(found.trainable, "trainable weight", "trainable weights");
    std::string text = found.reached == found.trainable ? "gradients reach all " + all
                       : found.reached == 0             ? "no gradient reaches any of " + all
                                            : "gradients reach " + with_commas(found.reached) + " of " + all;
    if (found.trainable == 1)
      text = std::string(found.reached == 1 ? "a" : "no") + " gradient reaches the trainable weight";
    screen_.row("training", text);
    blocks(found.blocked, "no gradient for ");
    blocks(found.unknown, "TensorFlow does not have ");
    if (found.control_flow) control_flow(*found.control_flow);
    if (found.derived > 0)
      screen_.row("", with_commas(found.derived) + " derived: batch normalisation was folded into " +
                          (found.derived == 1 ? "it" : "them"));
  }

  // A name within a sentence.
  std::string named(const std::string& name) const {
    constexpr std::size_t kRest = 40;
    if (style_.width == 0) return thaw::quoted(name);
    return "'" + shortened(escaped(name), std::max(style_.width, 2 * kRest) - kRest) + "'";
  }

  std::string place_of(const InspectedBlock& block) const {
    std::string text = "node " + named(block.node);
    if (!block.function.empty()) text += " of function " + named(block.function);
    return text + (block.nodes == 1 ? "" : " and " + with_commas(block.nodes - 1) + " more");
  }

  void blocks(const std::vector<InspectedBlock>& blocks, const std::string& start) {
    const std::size_t shown = shown_of(blocks.size());
    for (std::size_t i = 0; i < shown; ++i)
      screen_.row("", start + escaped(blocks[i].op) + " (" + place_of(blocks[i]) + ")");
    more(blocks.size(), shown);
  }

  void control_flow(const ReportedControlFlow& found) {
    const auto blocked = static_cast<std::size_t>(
        std::ranges::count_if(found.loops, [](const ReportedLoop& loop) { return !loop.trains; }));
    std::string text = found.loops.empty() ? "" : plural(found.loops.size(), "loop", "loops");
    if (found.conds > 0) text += (text.empty() ? "" : ", ") + plural(found.conds, "cond", "conds");
    const std::size_t refused = blocked + found.blocked_conds;
    text +=
        refused == 0 ? ": gradients pass" : ": gradients do not pass " + with_commas(refused) + " of them";
    screen_.row("", text);
    if (!style_.verbose) return;
    for (const std::string& problem : found.problems) screen_.row("", problem);
  }

  void refusal(const InspectedGraph& graph) {
    if (!graph.refusal) return;
    screen_.row("thaw", "would refuse it: " + graph.refusal->problem);
    if (!graph.refusal->hint.empty()) screen_.row("", graph.refusal->hint);
  }

  void checkpoint() {
    if (!report_.checkpoint) return;
    const InspectedCheckpoint& found = *report_.checkpoint;
    if (!report_.graphs.empty()) screen_.row("values", escaped(found.prefix) + "  " + found.format);
    screen_.row("entries", plural(found.total.tensors, "entry", "entries") + ": " + amount_of(found.total));
    std::map<std::string, std::size_t> kinds;
    for (const InspectedEntry& entry : found.entries) {
      if (!entry.kind.empty()) ++kinds[entry.kind];
    }
    if (kinds.empty()) return;
    screen_.row("", plural(found.weights.tensors, "weight", "weights") + ": " + amount_of(found.weights));
    for (const auto& [kind, count] : kinds) screen_.row("", escaped(kind) + ": " + with_commas(count));
  }

  const InspectReport& report_;
  const InspectStyle& style_;
  Screen screen_;
};

}  // namespace

std::string to_text(const InspectReport& report, const InspectStyle& style) {
  return InspectText(report, style).run();
}

}  // namespace thaw
