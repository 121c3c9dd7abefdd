// StructuredValue (core/protobuf/struct.proto), in which SavedModels say what functions take and give: 1
// none_value, 13 string_value, 14 bool_value, 33 tensor_spec_value {1 name, 2 shape, 3 dtype}, 51 list_value
// and 52 tuple_value {1 values}, 53 dict_value {1 fields}, 54 named_tuple_value {1 name, 2 values {1 key, 2
// value}}. Each function gives an encoded message. A value without a kind is refused by TensorFlow.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "thaw/tensor.h"

namespace thaw::internal {

using NamedValues = std::vector<std::pair<std::string, std::string>>;  // encoded values

std::string no_value();
std::string string_value(Bytes text);
std::string bool_value(bool truth);
std::string tensor_spec(Bytes name, DType dtype, const Shape& shape);
std::string list_value(const std::vector<std::string>& values);
std::string tuple_value(const std::vector<std::string>& values);
std::string dict_value(const NamedValues& fields);
std::string named_tuple(Bytes name, const NamedValues& values);

}  // namespace thaw::internal
