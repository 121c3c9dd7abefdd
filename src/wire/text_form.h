// Protobuf's text format to its wire format, led by a schema, so that text is read by the reader of the
// binary form.
//
//   message  field*
//   field    name ':' value | name ':'? body, then one optional ',' or ';'
//   body     '{' message '}' | '<' message '>'
//   value    what the field's kind takes (wire/text_number.h, wire/text_string.h, names of enum values)
//   lists    name ':' '[' value, value … ']' and name ':'? '[' body, body … ']' for repeated fields; may be
//   empty
//
// As in protobuf, a field that is not repeated stands at most once and so does a member of a oneof; unknown
// names are errors. An Any may hold `[type.url/name] { … }` of the messages that its table lists. Not taken:
// extensions, Any of other types, field numbers for names. Consecutive values of a repeated numeric field
// become one packed run; everything else keeps its order.
#pragma once

#include <cstddef>
#include <string>

#include "thaw/source.h"
#include "wire/text_schema.h"

namespace thaw::internal {

// Messages may nest this deep, as deep as protobuf's binary readers go.
constexpr std::size_t kMaxTextDepth = 100;

// Throws malformed (unsupported for extensions and unlisted types) with line:column, what was found and what
// was expected. Takes time linear in the text, and memory for the result beside it.
std::string text_to_wire(Bytes text, const TextMessage& root);

// The name of the first field when `head`, the beginning of a file, can be text in this format; empty when it
// cannot. Looks for a name before ':', '{', '<' or '[' and for control bytes, which the binary form has
// within its first fields and text has not. Whether the name is a field of anything is for the caller to say.
Bytes first_text_field(Bytes head);

}  // namespace thaw::internal
