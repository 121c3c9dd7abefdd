// A list as a target: what somebody wrote down of their variables.
//
//   name dtype [shape]       a line each: layer1/kernel float32 [784, 128]
//                            brackets or parentheses, ? or None for what is not known, # begins a comment
//   {"schema": "thaw....     a report of Thaw's own, of any verb: its variables or its entries
#pragma once

#include "match/slots.h"

namespace thaw::internal {

// Whether the beginning of a file can be one.
bool looks_like_list(Bytes head);
// Throws malformed, naming the line.
std::vector<Slot> list_slots(Bytes text);

}  // namespace thaw::internal
