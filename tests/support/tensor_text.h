// The words that stand for types, shapes and values in graphs written as text (support/graph_text.h).
#pragma once

#include <bit>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "messages/attr_value.h"
#include "model/graph_builder.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal::graph_text {

using Words = std::vector<std::string>;

[[noreturn]] inline void bad(const std::string& what) { throw std::logic_error("a test's graph: " + what); }

inline DType dtype_of(std::string_view word) {
  constexpr std::pair<std::string_view, DType> kTypes[] = {
      {"f32", DType::float32},   {"f64", DType::float64},   {"f16", DType::float16},
      {"bf16", DType::bfloat16}, {"i32", DType::int32},     {"i64", DType::int64},
      {"i8", DType::int8},       {"u8", DType::uint8},      {"bool", DType::boolean},
      {"str", DType::string},    {"c64", DType::complex64}, {"resource", DType::resource},
      {"qint8", DType::qint8},   {"quint8", DType::quint8}};
  for (const auto& [name, dtype] : kTypes) {
    if (name == word) return dtype;
  }
  bad("type " + std::string(word));
}

inline Words split(std::string_view text, char at) {
  Words words;
  std::string word;
  std::istringstream stream{std::string(text)};
  while (std::getline(stream, word, at)) words.push_back(word);
  return words;
}

inline Words blank_separated(const std::string& text) {
  Words words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// "4,?" and "...", what stands between brackets.
inline Shape shape_of(std::string_view dims) {
  if (dims == "...") return Shape::of_unknown_rank();
  std::vector<std::int64_t> sizes;
  for (const std::string& dim : split(dims, ',')) sizes.push_back(dim == "?" ? -1 : std::stoll(dim));
  return Shape(sizes);
}

// "f32[4,8]".
struct Typed {
  explicit Typed(const std::string& word) {
    const std::size_t open = word.find('[');
    if (open == std::string::npos || word.back() != ']') bad("no type and shape: " + word);
    dtype = dtype_of(word.substr(0, open));
    shape = shape_of(word.substr(open + 1, word.size() - open - 2));
  }
  DType dtype;
  Shape shape;
};

inline std::string element(DType dtype, double number) {
  std::string bytes;
  const auto store = [&](auto value) { bytes.assign(reinterpret_cast<const char*>(&value), sizeof value); };
  const auto float_bits = std::bit_cast<std::uint32_t>(static_cast<float>(number));
  switch (dtype) {
    case DType::float32:
      store(static_cast<float>(number));
      break;
    case DType::float64:
      store(number);
      break;
    case DType::bfloat16:
      store(static_cast<std::uint16_t>(float_bits >> 16));
      break;
    // Exact for what tests write: small numbers with few bits.
    case DType::float16:
      store(static_cast<std::uint16_t>(number == 0 ? 0
                                                   : ((float_bits >> 16 & 0x8000) |
                                                      (((float_bits >> 23 & 255) - 112) << 10) |
                                                      (float_bits >> 13 & 1023))));
      break;
    case DType::int64:
      store(static_cast<std::int64_t>(number));
      break;
    case DType::int32:
      store(static_cast<std::int32_t>(number));
      break;
    case DType::complex64:
      store(static_cast<float>(number));
      bytes += std::string(4, '\0');
      break;
    default:
      store(static_cast<std::int8_t>(number));
      break;
  }
  return bytes;
}

// Different in every place and for every name, between -1 and 1.
inline double learned(const std::string& name, std::int64_t index) {
  std::uint64_t mixed =
      std::hash<std::string>{}(name) + 0x9E3779B97F4A7C15u * static_cast<std::uint64_t>(index + 1);
  mixed ^= mixed >> 29;
  mixed *= 0xBF58476D1CE4E5B9u;
  return static_cast<double>(mixed >> 40) / (1 << 23) - 1;
}

inline std::string tensor_head(const Typed& typed) {
  std::string out;
  MessageWriter(out).integer(1, static_cast<std::int64_t>(typed.dtype)).bytes(2, encode_shape(typed.shape));
  return out;
}

// tensor_content for more than one element, a list for one, as make_tensor_proto writes them.
inline std::string tensor_of(const Typed& typed, const std::vector<double>& numbers) {
  if (numbers.size() == 1) return write_fill(typed.dtype, typed.shape, element(typed.dtype, numbers[0]));
  std::string content, out = tensor_head(typed);
  for (const double number : numbers) content += element(typed.dtype, number);
  if (!content.empty()) MessageWriter(out).bytes(4, content);
  return out;
}

inline std::string strings_of(const Typed& typed, const Words& texts) {
  std::string out = tensor_head(typed);
  for (const std::string& text : texts) MessageWriter(out).bytes(8, text);
  return out;
}

// The words behind a Const's type; what remains are its inputs.
inline std::string constant_value(const std::string& name, const Typed& typed, Words& words) {
  Words values, inputs;
  const std::string form = words.empty() || words[0][0] == '^' ? "learned" : words[0];
  for (const std::string& word : words) (word[0] == '^' ? inputs : values).push_back(word);
  words = inputs;
  if (form != "learned") values.erase(values.begin());
  if (typed.dtype == DType::string) return strings_of(typed, values);
  std::vector<double> numbers;
  for (const std::string& value : values) numbers.push_back(std::strtod(value.c_str(), nullptr));
  if (form == "splat") return write_fill(typed.dtype, typed.shape, element(typed.dtype, numbers.at(0)));
  const std::int64_t count = typed.shape.element_count().value();
  for (std::int64_t i = 0; form == "learned" && i < count; ++i) numbers.push_back(learned(name, i));
  if (static_cast<std::int64_t>(numbers.size()) != count)
    bad(name + " has another number of elements than its shape");
  return tensor_of(typed, numbers);
}

}  // namespace thaw::internal::graph_text
