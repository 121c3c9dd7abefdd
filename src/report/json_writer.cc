#include "report/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>

namespace thaw {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::size_t continuation_bytes(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 0;
  return first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
}

// Bytes of the character that `text` begins with; 0 when that is none (RFC 3629).
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x80) return 1;
  if (byte(0) < 0xC2 || byte(0) > 0xF4) return 0;
  const std::size_t more = continuation_bytes(text);
  if (text.size() <= more) return 0;
  for (std::size_t at = 1; at <= more; ++at) {
    if (byte(at) < 0x80 || byte(at) > 0xBF) return 0;
  }
  const bool overlong = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
  const bool beyond = (byte(0) == 0xED && byte(1) > 0x9F) || (byte(0) == 0xF4 && byte(1) > 0x8F);
  return overlong || beyond ? 0 : more + 1;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::string_view kPlain = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
  const std::size_t at = kPlain.find(c);
  if (at != std::string_view::npos) {
    out += {'\\', kLetters[at]};
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out += {kDigits[byte >> 4], kDigits[byte & 15]};
}

}  // namespace

void JsonWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view text) {
  separate();
  out_ += text;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  value(name);
  out_ += ':';
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  out_ += '"';
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const bool escaped = size == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == '"' ||
                                       text[0] == '\\' || text[0] == 0x7F);
    if (escaped) {
      append_escape(out_, text[0]);
    } else {
      out_ += size == 0 ? kReplacement : text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  out_ += '"';
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  std::array<char, 64> digits;
  const auto [end, fault] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return raw({digits.data(), end});
}

JsonWriter& JsonWriter::value(const Shape& shape) {
  if (shape.unknown_rank()) return null();
  begin_array();
  for (const std::int64_t dim : shape.dims()) dim < 0 ? null() : value(dim);
  return end_array();
}

JsonWriter& JsonWriter::value(const std::vector<std::string>& texts) {
  begin_array();
  for (const std::string& text : texts) value(text);
  return end_array();
}

}  // namespace thaw
