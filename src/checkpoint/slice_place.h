// Slices of a partitioned tensor: do they make up the whole?
#pragma once

#include <optional>
#include <string>

#include "checkpoint/bundle_messages.h"

namespace thaw::internal {

// Every extent said, those of whole dimensions too; what does not fit `full` is left as it is.
Slice explicit_slice(const Shape& full, const Slice& slice);

bool covers_all(const Shape& full, const Slice& slice);

// What keeps `slices`, explicit ones, from covering every element of `full` exactly once; nothing when
// nothing does.
std::optional<std::string> tiling_fault(const Shape& full, const std::vector<Slice>& slices);

// "[0:2,3:5]", as messages show a slice.
std::string slice_text(const Slice& slice);

}  // namespace thaw::internal
