// One value of a text field, as wire bytes without a tag.
#pragma once

#include "wire/text_output.h"
#include "wire/text_schema.h"
#include "wire/text_tokens.h"

namespace thaw::internal {

WireType wire_type(TextKind kind);

// Reads a value of any kind but message. Strings take their length with them. Throws TextFault.
void read_value(TextTokens& tokens, const TextField& field, TextOutput& into);

}  // namespace thaw::internal
