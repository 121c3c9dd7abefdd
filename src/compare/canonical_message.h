// One form for all encodings of a protobuf message: fields by number, lists unpacked, numbers as short as
// they can be, defaults left out, entries of maps by key, and of what stands twice what protobuf's parser
// keeps. Tensors are decoded, so that their many encodings are one.
#pragma once

#include <functional>
#include <string>

#include "thaw/source.h"
#include "wire/text_schema.h"

namespace thaw::internal {

// What a function's name is replaced by; empty: names stay.
using FunctionNames = std::function<std::string(Bytes)>;

// Two messages mean the same when these are equal. Fields that the schema does not know follow as they came;
// so does what is nested deeper than protobuf itself reads. Throws malformed.
std::string canonical_message(Bytes message, const TextMessage& schema, const FunctionNames& names = {});

}  // namespace thaw::internal
