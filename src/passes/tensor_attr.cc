#include "passes/tensor_attr.h"

#include "messages/attr_value.h"
#include "wire/message_writer.h"

namespace thaw::internal {

Recipe tensor_attr(const Value& value, const TensorForm& form) {
  Recipe tensor = encode_tensor(value, form);
  std::string header;
  append_header(header, static_cast<std::uint32_t>(AttrKind::tensor), tensor.size());
  Recipe attr(std::move(header));
  attr.add(std::move(tensor));
  return attr;
}

}  // namespace thaw::internal
