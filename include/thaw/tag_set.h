// What the options `tag_set` say beside tags.
#pragma once

#include <string_view>

namespace thaw {

// The graph of a SavedModel that has no tags, as modules of TensorFlow Hub do.
inline constexpr std::string_view kNoTags = ",";

}  // namespace thaw
