// The words that stand for attributes in graphs written as text (support/graph_text.h).
#pragma once

#include <cstdlib>
#include <string>

#include "messages/attr_value.h"
#include "support/tensor_text.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal::graph_text {

inline bool is_number(const std::string& word) {
  return word.find_first_of("0123456789") != std::string::npos &&
         word.find_first_not_of("-.0123456789e") == std::string::npos;
}

inline std::string list_attr(const std::string& inner) {
  const Words items = split(inner, ',');
  if (!items.empty() && items[0][0] == '%') {
    std::string functions, attr;
    for (const std::string& item : items) {
      std::string function;
      MessageWriter(function).bytes(1, item.substr(1));
      MessageWriter(functions).bytes(9, function);
    }
    MessageWriter(attr).bytes(1, functions);
    return attr;
  }
  if (!items.empty() && items[0][0] == ':') {
    std::vector<DType> dtypes;
    for (const std::string& item : items) dtypes.push_back(dtype_of(item.substr(1)));
    return attr_of_types(dtypes);
  }
  if (items.empty() || !is_number(items[0])) return attr_of_strings(items);
  std::string packed, list, out;
  for (const std::string& item : items) append_varint(packed, static_cast<std::uint64_t>(std::stoll(item)));
  MessageWriter(list).bytes(3, packed);
  MessageWriter(out).bytes(1, list);
  return out;
}

inline std::string attr_of(const std::string& word) {
  std::string out;
  if (word == "true" || word == "false") return attr_of_bool(word == "true");
  if (word.starts_with(':')) return attr_of_type(dtype_of(word.substr(1)));
  if (word.starts_with('(')) return attr_of_shape(encode_shape(shape_of(word.substr(1, word.size() - 2))));
  if (word.starts_with('[')) return list_attr(word.substr(1, word.size() - 2));
  if (word.starts_with('%')) {
    std::string function;
    MessageWriter(function).bytes(1, word.substr(1));
    MessageWriter(out).bytes(10, function);
    return out;
  }
  if (!is_number(word)) return attr_of_string(word);
  if (word.find('.') == std::string::npos) return attr_of_int(std::stoll(word));
  MessageWriter(out).real(4, std::strtof(word.c_str(), nullptr));
  return out;
}

}  // namespace thaw::internal::graph_text
