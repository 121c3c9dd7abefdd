// Names inside attributes that follow the scope of their nodes: the frames of loops.
#pragma once

#include "draft/draft.h"

namespace thaw::internal {

// Puts `scope` ("new/") before the frame_name of every Enter: two graphs in one must not share frames.
void scope_frames(Draft& draft, const std::string& scope);

}  // namespace thaw::internal
