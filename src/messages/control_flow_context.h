// The contexts of TensorFlow 1's control flow, as the collections `while_context` and `cond_context` keep
// them (core/protobuf/control_flow.proto). Tensors are named with their output: "a:0".
//
//   ValuesDef              1 values, 2 external_values map<string, string>
//   ControlFlowContextDef  1 cond_ctxt, 2 while_ctxt
//   CondContextDef         1 context_name, 2 pred_name, 3 pivot_name, 4 branch, 5 values_def,
//                          6 nested_contexts
//   WhileContextDef        1 context_name, 2 parallel_iterations, 3 back_prop, 4 swap_memory, 5 pivot_name,
//                          6 pivot_for_pred_name, 7 pivot_for_body_name, 8 loop_exit_names, 9 values_def,
//                          10 loop_enter_names, 11 maximum_iterations_name, 12 nested_contexts
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace thaw::internal {

struct ValuesDef {
  std::vector<std::string> values;
  std::map<std::string, std::string> external_values;
};

// Contexts within contexts are handed in encoded, each as a ControlFlowContextDef: nothing recurses.
using NestedContexts = std::vector<std::string>;

// One branch of a cond.
struct CondContextDef {
  std::string context_name;
  std::string pred_name;
  std::string pivot_name;
  std::int32_t branch = 0;
  ValuesDef values_def;
  NestedContexts nested_contexts;
};

struct WhileContextDef {
  std::string context_name;
  std::int32_t parallel_iterations = 10;
  bool back_prop = true;
  bool swap_memory = false;
  std::string pivot_name;
  std::string pivot_for_pred_name;
  std::string pivot_for_body_name;
  std::vector<std::string> loop_exit_names;
  ValuesDef values_def;
  std::vector<std::string> loop_enter_names;
  std::string maximum_iterations_name;
  NestedContexts nested_contexts;
};

std::string encode(const CondContextDef& context);
std::string encode(const WhileContextDef& context);
// The ControlFlowContextDef around an encoded context.
std::string nested_cond(const std::string& encoded);
std::string nested_while(const std::string& encoded);

}  // namespace thaw::internal
