#include "compare/attr_text.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "messages/attr_value.h"
#include "messages/function_ref.h"
#include "tensor/element_number.h"
#include "tensor/shape.h"
#include "tensor/tensor_proto.h"
#include "thaw/error.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kLongest = 120;  // of a text, in characters
constexpr std::int64_t kFewElements = 8;
constexpr std::int64_t kReference = 100;  // number of a reference type, to that of its type (types.proto)

std::string cut(std::string text) {
  if (text.size() <= kLongest) return text;
  text.resize(kLongest);
  return text + "...";
}

template <typename Number>
std::string shortest(Number number) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

std::string type_text(std::uint64_t number) {
  const auto type = static_cast<std::int64_t>(number);
  if (const auto dtype = dtype_of_number(type)) return std::string(name_of(*dtype));
  if (const auto dtype = dtype_of_number(type - kReference)) return std::string(name_of(*dtype)) + "_ref";
  return "type " + std::to_string(type);
}

std::string string_text(Bytes text) { return "'" + escaped(text.substr(0, kLongest)) + "'"; }

std::string real_text(std::uint64_t bits) {
  return shortest(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
}

std::string shape_text(Bytes message) {
  try {
    return decode_shape(message).to_string();
  } catch (const Error&) {
    return "a broken shape";
  }
}

std::string tensor_message_text(Bytes message) {
  try {
    const TensorHead head = read_tensor_head(message);
    return std::string(name_of(head.dtype)) + " " + head.shape.to_string();
  } catch (const Error&) {
    return "a broken tensor";
  }
}

std::string function_text(Bytes name_attr_list) {
  const std::optional<Bytes> name = function_name(name_attr_list);
  return name ? escaped(*name) : "''";
}

// One item of the same number in AttrValue and, one less, in ListValue.
std::string item_text(AttrKind kind, std::uint64_t scalar, Bytes payload) {
  switch (kind) {
    case AttrKind::s:
      return string_text(payload);
    case AttrKind::i:
      return std::to_string(static_cast<std::int64_t>(scalar));
    case AttrKind::f:
      return real_text(scalar);
    case AttrKind::b:
      return scalar != 0 ? "true" : "false";
    case AttrKind::type:
      return type_text(scalar);
    case AttrKind::shape:
      return shape_text(payload);
    case AttrKind::tensor:
      return tensor_message_text(payload);
    case AttrKind::placeholder:
      return "$" + escaped(payload);
    case AttrKind::func:
      return function_text(payload);
    default:
      return "nothing";
  }
}

std::string list_text(Bytes list) {
  std::string text;
  for_each_item(list, [&](const AttrView& item) {
    text += (text.empty() ? "" : ",") + item_text(item.kind, item.scalar, item.payload);
    return text.size() <= kLongest;
  });
  return "[" + cut(text) + "]";
}

std::string element_text(DType dtype, const std::byte* element) {
  if (dtype == DType::boolean) return *element != std::byte{0} ? "true" : "false";
  const std::complex<long double> number = number_of(dtype, element);
  const bool is_float = dtype == DType::float32 || dtype == DType::float16 || dtype == DType::bfloat16;
  const auto one = [is_float](long double part) {
    return is_float ? shortest(static_cast<float>(part)) : shortest(part);
  };
  const bool is_complex = dtype == DType::complex64 || dtype == DType::complex128;
  return is_complex ? one(number.real()) + "+" + one(number.imag()) + "i" : one(number.real());
}

}  // namespace

std::string attr_text(Bytes attr_value) {
  try {
    const AttrView view = view_attr(attr_value);
    if (view.kind == AttrKind::list) return list_text(view.payload);
    return cut(item_text(view.kind, view.scalar, view.payload));
  } catch (const Error&) {
    return "a broken attribute";
  }
}

std::string tensor_text(const Value& value) {
  std::string text = std::string(name_of(value.dtype())) + " " + value.shape().to_string();
  if (value.element_count() > kFewElements || value.element_count() == 0) return text;
  std::string elements;
  if (value.dtype() == DType::string) {
    value.for_each_string(
        [&](Bytes element) { elements += (elements.empty() ? "" : ",") + string_text(element); });
  } else if (has_numbers(value.dtype())) {
    const std::string bytes = value.bytes();
    for (std::size_t at = 0; at < bytes.size(); at += element_size(value.dtype())) {
      elements += (elements.empty() ? "" : ",") +
                  element_text(value.dtype(), reinterpret_cast<const std::byte*>(bytes.data()) + at);
    }
  }
  return elements.empty() ? text : cut(text + " " + elements);
}

}  // namespace thaw::internal
