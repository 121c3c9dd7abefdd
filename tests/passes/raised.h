// A graph whose loops and branches were raised: its nodes and functions as lines, and what was left.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "model/model.h"
#include "passes/raise_control_flow.h"
#include "support/graph_text.h"
#include "support/loop_text.h"
#include "support/node_lines.h"

namespace thaw::internal {

struct RaisedGraph {
  Raised raised;
  std::shared_ptr<const Graph> graph;
  std::map<std::string, FunctionDef> functions;  // by their names without what stands for their content

  // A node as a line, names of functions without what stands for their content.
  std::string line(const std::string& name) const { return plain(node_lines::line_of(*graph, name)); }
  bool has(const std::string& name) const { return graph->find(name) != kNoNode; }
  std::vector<std::string> ops() const {
    std::vector<std::string> all;
    for (NodeId id = 0; id < graph->node_count(); ++id) all.emplace_back(graph->op(id));
    return all;
  }
  // Arguments, nodes, results.
  std::vector<std::string> function(const std::string& name) const {
    const FunctionDef& function = functions.at(name);
    std::string arguments = "take", results = "give";
    for (const FunctionArg& arg : function.inputs)
      arguments += " " + arg.name + ":" + node_lines::short_name(arg.type);
    std::vector<std::string> lines{arguments};
    for (const FunctionNode& node : function.nodes) lines.push_back(plain(node_lines::line_of(node.node)));
    for (const FunctionArg& arg : function.outputs) results += " " + *function.find_return(arg.name);
    lines.push_back(results);
    return lines;
  }

  static std::string plain(std::string text) {
    for (std::size_t at; (at = text.find("_thawed_")) != std::string::npos;) text.erase(at, 16);
    return text;
  }
};

inline RaisedGraph raise_bytes(const std::string& bytes, const std::vector<std::string>& outside = {},
                               const std::map<std::string, std::string>& copies = {}) {
  const std::shared_ptr<const Graph> before = read_graph(memory_source(bytes));
  Draft draft(before);
  RaiseOutside stay;
  for (const std::string& name : outside) stay.nodes.push_back(before->find(name));
  for (const auto& [copy, of] : copies) stay.copies.emplace(before->find(copy), before->find(of));
  RaisedGraph done;
  done.raised = raise_control_flow(draft, stay);
  done.graph = read_graph(memory_source(draft.emit().bytes()));
  const Library library(*done.graph);
  for (const FunctionDef& function : library.functions())
    EXPECT_TRUE(done.functions.emplace(RaisedGraph::plain(function.name), function).second) << function.name;
  return done;
}

inline RaisedGraph raise_text(const std::string& text, const std::vector<std::string>& outside = {},
                              const std::map<std::string, std::string>& copies = {}) {
  return raise_bytes(graph_text::graph_bytes(text), outside, copies);
}

// "while/next: why", of those that were left.
inline std::vector<std::string> left_in(const RaisedGraph& done) {
  std::vector<std::string> texts;
  for (const NotRaised& left : done.raised.left) texts.push_back(left.node + ": " + left.reason);
  return texts;
}

}  // namespace thaw::internal
