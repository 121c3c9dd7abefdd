#include "verbs/number_value.h"

#include "tensor/number_element.h"

namespace thaw::internal {

namespace {

std::optional<Value> filled(DType dtype, const Shape& shape, const std::optional<std::string>& element) {
  return element ? std::optional(Value::fill(dtype, shape, *element)) : std::nullopt;
}

}  // namespace

std::optional<Value> number_value(DType dtype, const Shape& shape, double number) {
  if (!shape.fully_defined()) return std::nullopt;
  if (dtype == DType::string && number == 0) {
    const auto count = static_cast<std::size_t>(shape.element_count().value_or(0));
    return Value::from_strings(shape, std::vector<std::string>(count));
  }
  return filled(dtype, shape, number_element(dtype, number));
}

std::optional<Value> integer_value(DType dtype, const Shape& shape, std::int64_t number) {
  if (!shape.fully_defined()) return std::nullopt;
  return filled(dtype, shape, integer_element(dtype, number));
}

}  // namespace thaw::internal
