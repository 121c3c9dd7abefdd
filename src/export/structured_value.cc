#include "export/structured_value.h"

#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

std::string of_kind(std::uint32_t kind, Bytes payload) {
  std::string out;
  MessageWriter(out).bytes(kind, payload);
  return out;
}

std::string all_in(const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) MessageWriter(list).bytes(1, value);
  return list;
}

std::string pair_of(const std::string& key, const std::string& value) {
  std::string out;
  MessageWriter(out).bytes(1, key).bytes(2, value);
  return out;
}

}  // namespace

std::string no_value() { return of_kind(1, {}); }

std::string string_value(Bytes text) { return of_kind(13, text); }

std::string bool_value(bool truth) {
  std::string out;
  MessageWriter(out).boolean(14, truth);
  return out;
}

std::string tensor_spec(Bytes name, DType dtype, const Shape& shape) {
  std::string spec;
  MessageWriter(spec)
      .bytes(1, name)
      .bytes(2, encode_shape(shape))
      .integer(3, static_cast<std::int64_t>(dtype));
  return of_kind(33, spec);
}

std::string list_value(const std::vector<std::string>& values) { return of_kind(51, all_in(values)); }

std::string tuple_value(const std::vector<std::string>& values) { return of_kind(52, all_in(values)); }

std::string dict_value(const NamedValues& fields) {
  std::string dict;
  for (const auto& [key, value] : fields) MessageWriter(dict).bytes(1, pair_of(key, value));
  return of_kind(53, dict);
}

std::string named_tuple(Bytes name, const NamedValues& values) {
  std::string tuple;
  MessageWriter writer(tuple);
  writer.bytes(1, name);
  for (const auto& [key, value] : values) writer.bytes(2, pair_of(key, value));
  return of_kind(54, tuple);
}

}  // namespace thaw::internal
