// A graph, as text, whose loop calls a function that calls again, with an operation that needs writing out.
#pragma once

#include <string>

namespace thaw::internal {

inline const std::string kElu = R"(
  function elu v:f32 k:f32 -> y:f32
    m = MatMul:f32 v k
    e = Elu:f32 m:product:0
    return e:activations:0
  end
)";

inline const std::string kLoop = R"(
  x = Placeholder f32[?,2]
  w = Const f32[2,2]
  i = Const i32[] = 0
  loop = While i x w | body=%body cond=%cond T=[:i32,:f32,:f32]
  function body i:i32 y:f32 k:f32 -> j:i32 z:f32 l:f32
    one = Const i32[] = 1
    next = AddV2:i32 i one:output:0
    c = PartitionedCall y k ^next | f=%twice Tin=[:f32,:f32] Tout=[:f32]
    t = Tanh:f32 c:output:0 ^c
    return next:z:0 t:y:0 k
  end
  function cond i:i32 y:f32 k:f32 -> go:bool
    four = Const i32[] = 4
    l = Less:i32 i four:output:0
    return l:z:0
  end
  function twice v:f32 k:f32 -> y:f32
    a = PartitionedCall v k | f=%elu Tin=[:f32,:f32] Tout=[:f32]
    b = PartitionedCall a:output:0 k | f=%elu Tin=[:f32,:f32] Tout=[:f32]
    return b:output:0
  end
)" + kElu;

}  // namespace thaw::internal
