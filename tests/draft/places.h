// A graph to be edited, in which nodes name others in every way there is, and why it is edited.
#pragma once

#include "draft/draft.h"

namespace thaw::internal {

inline const std::string kPlaces = R"(
  x = Placeholder f32[?]
  w = Const f32[8] ^x
  w/read = Identity:f32 w | _class=[loc:@w]
  y = Add:f32 x:0 w/read ^w | _class=[loc:@w,loc:@x,other]
  s = Split:f32 y w | num_split=2
  z = Neg:f32 s:1
)";

inline const Change kWhy{"T1", "", "a test"};

}  // namespace thaw::internal
