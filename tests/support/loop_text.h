// A while loop as TensorFlow writes it, in the notation of graph_text.h.
#pragma once

#include <string>

namespace thaw::internal::graph_text {

// Counts in variable 0 and carries y; the weight w enters as an invariant. `body` computes what comes round
// from `while/Identity_1` and `while/MatMul/Enter`, and calls it `while/next`.
inline std::string loop_text(
    const std::string& body = "while/next = MatMul:f32 while/Identity_1 while/MatMul/Enter\n") {
  return R"(
  x = Placeholder f32[?,3]
  w = Const f32[3,3]
  w/read = Identity:f32 w
  zero = Const i32[1] = 0
  while/Enter = Enter:i32 zero | frame_name=while/context is_constant=false parallel_iterations=7
  while/Enter_1 = Enter:f32 x | frame_name=while/context is_constant=false parallel_iterations=7
  while/Merge = Merge:i32 while/Enter while/NextIteration | N=2
  while/Merge_1 = Merge:f32 while/Enter_1 while/NextIteration_1 | N=2
  while/Less/y = Const i32[1] = 5 ^while/Merge
  while/Less = Less:i32 while/Merge while/Less/y
  while/LoopCond = LoopCond while/Less
  while/Switch = Switch:i32 while/Merge while/LoopCond
  while/Switch_1 = Switch:f32 while/Merge_1 while/LoopCond
  while/Identity = Identity:i32 while/Switch:1
  while/Identity_1 = Identity:f32 while/Switch_1:1
  while/add/y = Const i32[1] = 1 ^while/Identity
  while/add = Add:i32 while/Identity while/add/y
  while/MatMul/Enter = Enter:f32 w/read | frame_name=while/context is_constant=true parallel_iterations=7
  )" + body +
         R"(
  while/NextIteration = NextIteration:i32 while/add
  while/NextIteration_1 = NextIteration:f32 while/next
  while/Exit_1 = Exit:f32 while/Switch_1
  out = Identity:f32 while/Exit_1
)";
}

// tf.cond on the placeholder p: tanh of x with w, or of x with u.
inline std::string cond_text() {
  return R"(
  p = Placeholder bool[]
  x = Placeholder f32[?,3]
  w = Const f32[3,3]
  w/read = Identity:f32 w
  u = Const f32[3,3]
  u/read = Identity:f32 u
  cond/Switch = Switch:bool p p
  cond/switch_t = Identity:bool cond/Switch:1
  cond/switch_f = Identity:bool cond/Switch
  cond/pred_id = Identity:bool p
  cond/MatMul/Switch = Switch:f32 x cond/pred_id
  cond/MatMul/Switch_1 = Switch:f32 w/read cond/pred_id
  cond/MatMul = MatMul:f32 cond/MatMul/Switch:1 cond/MatMul/Switch_1:1
  cond/MatMul_1/Switch = Switch:f32 x cond/pred_id
  cond/MatMul_1/Switch_1 = Switch:f32 u/read cond/pred_id
  cond/MatMul_1 = MatMul:f32 cond/MatMul_1/Switch cond/MatMul_1/Switch_1
  cond/Merge = Merge:f32 cond/MatMul_1 cond/MatMul | N=2
  out = Identity:f32 cond/Merge
)";
}

// The text with one line replaced, found by its beginning; with none when `by` is empty.
inline std::string with_line(std::string text, const std::string& begins, const std::string& by) {
  const std::size_t at = text.find("  " + begins);
  if (at == std::string::npos) return text;
  return text.replace(at, text.find('\n', at) - at, by.empty() ? "" : "  " + by);
}

}  // namespace thaw::internal::graph_text
