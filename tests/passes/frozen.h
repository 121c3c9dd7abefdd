// A graph with variables, frozen in memory: its nodes as lines, and what was recorded on the way.
#pragma once

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "model/library.h"
#include "model/model.h"
#include "ops/variable_op.h"
#include "passes/freeze_variables.h"
#include "support/graph_text.h"
#include "support/node_lines.h"
#include "tensor/shape.h"

namespace thaw::internal {

struct Frozen {
  std::shared_ptr<const Graph> graph;
  std::multiset<std::string> changes;  // "Z1 w"

  std::string line(const std::string& name) const { return node_lines::line_of(*graph, name); }
  // Functions as lines, each beginning with its name; "_frozen_" is all that is left of new names.
  std::vector<std::string> functions() const {
    std::vector<std::string> lines;
    const Library library(*graph);
    for (const FunctionDef& function : library.functions()) {
      std::string line = function.name;
      for (const FunctionArg& arg : function.inputs)
        line += " " + arg.name + ":" + node_lines::short_name(arg.type);
      line += " ->";
      for (const FunctionArg& arg : function.outputs)
        line += " " + arg.name + ":" + node_lines::short_name(arg.type);
      lines.push_back(shortened(line));
      for (const FunctionNode& node : function.nodes)
        lines.push_back(shortened("  " + node_lines::line_of(node.node)));
      for (const FunctionReturn& result : function.returns) lines.push_back("  return " + result.value);
    }
    return lines;
  }
  static std::string shortened(std::string text) {
    constexpr std::string_view kMark = "_frozen_";
    for (std::size_t at = 0; (at = text.find(kMark, at)) != std::string::npos;) {
      at += kMark.size();
      text.erase(at, 8);
    }
    return text;
  }
};

// All variables but `kept`, with ascending numbers for values.
inline Frozen freeze_text(const std::string& text, const std::set<std::string>& kept = {}) {
  const auto graph = graph_text::graph_of(text);
  const Library library(*graph);
  Draft draft(graph);
  FrozenFunctions functions(library);
  std::vector<VariableToFreeze> variables;
  std::vector<std::size_t> named;
  for (NodeId id = 0; id < graph->node_count(); ++id) {
    for (const std::size_t function : named_functions(graph->node_def(id), library))
      named.push_back(function);
    if (!is_variable_op(graph->op(id)) || kept.contains(std::string(graph->name(id)))) continue;
    const DType dtype = graph->type_attr(id, "dtype").value();
    const Shape shape = decode_shape(view_attr(graph->attr(id, "shape").value()).payload);
    std::string bytes(static_cast<std::size_t>(shape.element_count().value()) * element_size(dtype), '\1');
    variables.push_back({id, Value::from_bytes(dtype, shape, std::move(bytes))});
  }
  freeze_variables(draft, variables, functions);
  std::vector<std::size_t> still;
  for (const NodeId id : draft.order()) {
    for (const std::size_t function : named_functions(draft.node_def(id), library)) still.push_back(function);
  }
  draft.set_rest(functions.finish(still, named, true).rest);
  Frozen frozen;
  frozen.graph = read_graph(memory_source(draft.emit().bytes(), "frozen.pb"));
  for (const ChangeView& change : draft.changes())
    frozen.changes.insert(std::string(change.rule) + " " + std::string(change.node));
  for (const Change& change : functions.changes())
    frozen.changes.insert(Frozen::shortened(change.rule + " " + change.node));
  return frozen;
}

}  // namespace thaw::internal
