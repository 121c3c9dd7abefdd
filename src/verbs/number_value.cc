#include "verbs/number_value.h"

#include "tensor/number_element.h"

namespace thaw::internal {

std::optional<Value> number_value(DType dtype, const Shape& shape, double number) {
  if (!shape.fully_defined()) return std::nullopt;
  if (dtype == DType::string && number == 0) {
    const auto count = static_cast<std::size_t>(shape.element_count().value_or(0));
    return Value::from_strings(shape, std::vector<std::string>(count));
  }
  const std::optional<std::string> element = number_element(dtype, number);
  return element ? std::optional(Value::fill(dtype, shape, *element)) : std::nullopt;
}

}  // namespace thaw::internal
