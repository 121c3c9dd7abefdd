// AttrValue (core/framework/attr_value.proto), a oneof: 1 list, 2 s, 3 i, 4 f, 5 b, 6 type, 7 shape, 8
// tensor, 9 placeholder, 10 func. ListValue: 2 s, 3 i, 4 f, 5 b, 6 type, 7 shape, 8 tensor, 9 func.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "thaw/tensor.h"

namespace thaw::internal {

enum class AttrKind : std::uint32_t {
  unset = 0,
  list = 1,
  s = 2,
  i = 3,
  f = 4,
  b = 5,
  type = 6,
  shape = 7,
  tensor = 8,
  placeholder = 9,
  func = 10,
};

// A view of an encoded AttrValue; borrows its bytes.
struct AttrView {
  AttrKind kind = AttrKind::unset;
  std::uint64_t scalar = 0;  // i, f (as bits), b, type
  Bytes payload;             // all others
};

AttrView view_attr(Bytes attr_value);

// Every item of an encoded ListValue, packed numbers one by one, until `take` says false.
void for_each_item(Bytes list, const std::function<bool(const AttrView& item)>& take);

std::optional<DType> attr_as_type(Bytes attr_value);
std::optional<std::int64_t> attr_as_int(Bytes attr_value);
std::optional<bool> attr_as_bool(Bytes attr_value);
std::optional<Bytes> attr_as_string(Bytes attr_value);
// The strings of a list; empty for anything else.
std::vector<Bytes> attr_as_strings(Bytes attr_value);
std::vector<std::int64_t> attr_as_ints(Bytes attr_value);
std::vector<DType> attr_as_types(Bytes attr_value);
// NameAttrList.name (1): of the payload of a func, nothing when it is not there, and of a whole AttrValue.
std::optional<Bytes> function_name(Bytes name_attr_list);
std::optional<Bytes> attr_as_function(Bytes attr_value);

std::string attr_of_type(DType dtype);
std::string attr_of_string(Bytes text);
std::string attr_of_bool(bool value);
std::string attr_of_int(std::int64_t value);
std::string attr_of_shape(Bytes encoded_shape);
std::string attr_of_strings(const std::vector<std::string>& texts);
std::string attr_of_types(const std::vector<DType>& dtypes);
std::string attr_of_function(Bytes name);
std::string attr_of_tensor(Bytes encoded_tensor);
// A list with more behind: encoded elements, each a whole field of ListValue.
std::string with_appended(Bytes list_attr, Bytes elements);
std::string types_in_list(const std::vector<DType>& dtypes);
std::string shape_in_list(Bytes encoded_shape);

}  // namespace thaw::internal
