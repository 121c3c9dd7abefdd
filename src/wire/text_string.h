// The strings of protobuf's text format: C escapes to bytes.
//
//   \a \b \f \n \r \t \v \? \\ \' \"   as in C
//   \o \oo \ooo                        octal, up to \377
//   \xh \xhh                           hexadecimal
//   \uhhhh \Uhhhhhhhh                  a code point, written as UTF-8; two halves of a surrogate pair make
//   one
// Everything else stands for itself. A backslash before a line's end is an error, as every unknown escape is.
#pragma once

#include <cstddef>
#include <string>

#include "thaw/source.h"

namespace thaw::internal {

// Appends the bytes that `raw` spells. Throws TextFault; `at` is where `raw` begins in the text.
void append_unescaped(Bytes raw, std::size_t at, std::string& into);

bool is_valid_utf8(Bytes bytes);

}  // namespace thaw::internal
