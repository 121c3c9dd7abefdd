// What a TensorProto means, by protobuf's own parser and an expansion written from the rules alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tensor.pb.h"
#include "tensor/dtype.h"
#include "tensor/proto_bytes.h"

namespace thaw::internal {

// The first `count` of the listed elements, the last repeated; zeros when there is none.
inline std::string spread(std::string elements, std::size_t width, std::uint64_t count) {
  elements.resize(elements.size() - elements.size() % width);
  if (elements.empty()) return std::string(count * width, '\0');
  const std::string last = elements.substr(elements.size() - width);
  while (elements.size() < count * width) elements += last;
  return elements.substr(0, count * width);
}

template <typename As, typename List>
std::string listed(const List& list) {
  std::vector<As> numbers;
  for (const auto item : list) numbers.push_back(static_cast<As>(item));
  return raw_bytes(numbers);
}

inline std::string listed_elements(const oracle::Tensor& proto, DType dtype) {
  switch (dtype) {
    case DType::float32:
      return listed<float>(proto.float_val());
    case DType::float64:
      return listed<double>(proto.double_val());
    case DType::int32:
    case DType::qint32:
      return listed<std::int32_t>(proto.int_val());
    case DType::int16:
    case DType::qint16:
      return listed<std::int16_t>(proto.int_val());
    case DType::uint16:
    case DType::quint16:
      return listed<std::uint16_t>(proto.int_val());
    case DType::complex64:
      return listed<float>(proto.scomplex_val());
    case DType::complex128:
      return listed<double>(proto.dcomplex_val());
    case DType::int64:
      return listed<std::int64_t>(proto.int64_val());
    case DType::boolean:
      return listed<char>(proto.bool_val());
    case DType::float16:
    case DType::bfloat16:
      return listed<std::uint16_t>(proto.half_val());
    case DType::uint32:
      return listed<std::uint32_t>(proto.uint32_val());
    case DType::uint64:
      return listed<std::uint64_t>(proto.uint64_val());
    case DType::float8_e5m2:
    case DType::float8_e4m3fn:
      return proto.float8_val();
    default:
      return listed<char>(proto.int_val());
  }
}

// What Tensor::FromProto makes of the message; nothing where it refuses it.
inline std::optional<std::string> expand(const oracle::Tensor& proto) {
  const auto dtype = static_cast<DType>(proto.dtype());
  std::uint64_t count = 1;
  for (const auto& dim : proto.tensor_shape().dim()) count *= static_cast<std::uint64_t>(dim.size());
  const std::size_t width = row_of(dtype).size;
  if (count == 0) return "";
  if (proto.tensor_content().empty()) return spread(listed_elements(proto, dtype), width, count);
  if (proto.tensor_content().size() != count * width) return std::nullopt;
  return proto.tensor_content();
}

inline constexpr DType kTypes[] = {DType::float32,     DType::float64,       DType::int32,     DType::uint8,
                                   DType::int16,       DType::int8,          DType::complex64, DType::int64,
                                   DType::boolean,     DType::qint8,         DType::quint8,    DType::qint32,
                                   DType::bfloat16,    DType::qint16,        DType::quint16,   DType::uint16,
                                   DType::complex128,  DType::float16,       DType::uint32,    DType::uint64,
                                   DType::float8_e5m2, DType::float8_e4m3fn, DType::int4,      DType::uint4};

}  // namespace thaw::internal
