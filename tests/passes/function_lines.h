// Functions of a thawed graph as lines, for comparing them with what a test expects.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "passes/thawed.h"

namespace thaw::internal {

// As text: the condition of a loop over a counter and a tensor.
inline const std::string kFourRounds = R"(
  function cond i:i32 y:f32 -> go:bool
    four = Const i32[] = 4
    l = Less:i32 i four:output:0
    return l:z:0
  end
)";

// A function as it was written: its signature, its nodes, its results.
inline Lines function_lines(const FunctionDef& function) {
  std::string signature = function.name;
  for (const FunctionArg& arg : function.inputs)
    signature += " " + arg.name + ":" + node_lines::short_name(arg.type);
  Lines lines{signature};
  for (const FunctionNode& node : function.nodes) lines.push_back(node_lines::line_of(node.node));
  std::string results = "return";
  for (const FunctionArg& arg : function.outputs) results += " " + *function.find_return(arg.name);
  lines.push_back(results);
  return lines;
}

// Functions by the names they had.
inline std::map<std::string, Lines> functions_of(const Thawed& thawed) {
  std::map<std::string, Lines> all;
  const Library library(*thawed.graph);
  for (const FunctionDef& function : library.functions()) {
    Lines lines = function_lines(function);
    const std::size_t mark = function.name.find("_thawed_");
    const std::string name = function.name.substr(0, mark);
    lines[0].erase(name.size(), mark == std::string::npos ? 0 : function.name.size() - name.size());
    for (std::string& line : lines) {
      for (std::size_t at; (at = line.find("_thawed_")) != std::string::npos;) line.erase(at, 16);
    }
    EXPECT_TRUE(all.emplace(name, lines).second || all[name] != lines) << name;
  }
  return all;
}

inline std::vector<std::string> variables_of(const Thawed& thawed) {
  std::vector<std::string> names;
  for (const Variable& variable : thawed.done.plan.variables) names.push_back(variable.name);
  return names;
}

inline std::string inputs_of(const Thawed& thawed, const std::string& name) {
  std::string inputs;
  for (const std::string& input : thawed.graph->node_def(thawed.graph->find(name)).inputs)
    inputs += input + " ";
  return inputs;
}

// A function with a weight, called "inner/w" as a variable, and a constant of the program.
inline const std::string kInnerFunction = R"(
  function __inference_inner_11 x:f32 -> y:f32
    w = Const f32[2,2]
    n = Const i32[2] = -1 2
    r = Reshape:f32 x n:output:0
    m = MatMul:f32 r:output:0 w:output:0
    return m:product:0
  end
)";

}  // namespace thaw::internal
