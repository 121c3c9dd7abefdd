#include "model/signature_def.h"

#include <algorithm>

#include "tensor/shape.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

// CooSparse {1 values_tensor_name}, CompositeTensor {2 components, TensorInfo}.
std::string first_part(const FieldView& field) {
  std::string name;
  MessageReader reader(field.payload);
  for (FieldView part; name.empty() && reader.next(part);) {
    if (field.number == 4 && part.is_bytes(1)) name = part.payload;
    if (field.number != 5 || !part.is_bytes(2)) continue;
    MessageReader component(part.payload);
    for (FieldView inner; component.next(inner);) {
      if (inner.is_bytes(1)) name = inner.payload;
    }
  }
  return name;
}

SignatureTensor read_tensor_info(Bytes key, Bytes message) {
  SignatureTensor tensor;
  tensor.key = key;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) tensor.tensor = field.payload;
    if (field.is(2, WireType::varint))
      tensor.dtype = dtype_of_number(static_cast<std::int64_t>(field.scalar)).value_or(DType::invalid);
    if (field.is_bytes(3)) tensor.shape = decode_shape(field.payload);
    if (field.is_bytes(4) || field.is_bytes(5)) tensor.tensor = first_part(field);
  }
  return tensor;
}

}  // namespace

SignatureDef decode_signature_def(const std::string& name, Bytes message) {
  SignatureDef signature;
  signature.name = name;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(3)) signature.method = field.payload;
    if (!field.is_bytes(1) && !field.is_bytes(2)) continue;
    const MapEntry entry = read_map_entry(field.payload);
    auto& side = field.number == 1 ? signature.inputs : signature.outputs;
    side.push_back(read_tensor_info(entry.key, entry.value));
  }
  std::ranges::sort(signature.inputs, {}, &SignatureTensor::key);
  std::ranges::sort(signature.outputs, {}, &SignatureTensor::key);
  return signature;
}

}  // namespace thaw::internal
