// What a function holds, as one number: equal for functions that differ in their name only, whatever the
// functions that they call are called.
#pragma once

#include <cstdint>
#include <vector>

#include "model/library.h"

namespace thaw::internal {

// Of each function. Functions whose names are in `known` are told apart by their names when they are called.
// Contents that differ have different numbers, chance apart; odd encodings may make equal ones differ.
std::vector<std::uint64_t> function_contents(const Library& library, const Library& known);

}  // namespace thaw::internal
