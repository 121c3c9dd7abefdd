#include "thaw/error.h"

#include <algorithm>
#include <cstdint>

namespace thaw {

namespace {

// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none (RFC 3629).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  std::size_t length = first < 0x80   ? 1
                       : first < 0xC2 ? 0
                       : first < 0xE0 ? 2
                       : first < 0xF0 ? 3
                       : first < 0xF5 ? 4
                                      : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (first == 0xE0 && byte(1) < 0xA0) return 0;
  if (first == 0xED && byte(1) > 0x9F) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

// Marks that turn the direction of writing (U+200E, U+200F, U+202A..U+202E, U+2066..U+2069), so that a name
// reads as another one.
bool turns_direction(std::string_view sequence) {
  if (sequence.size() != 3 || !sequence.starts_with('\xE2')) return false;
  const auto second = static_cast<unsigned char>(sequence[1]);
  const auto third = static_cast<unsigned char>(sequence[2]);
  if (second == 0x81) return third >= 0xA6 && third <= 0xA9;
  return second == 0x80 && (third == 0x8E || third == 0x8F || (third >= 0xAA && third <= 0xAE));
}

// C1 control characters (U+0080..U+009F) move terminals as well as the ASCII ones do.
bool is_control(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7F;
  return sequence.size() == 2 && first == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

void append_hex(std::string& out, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

std::string escaped_up_to(std::string_view text, std::size_t limit, std::string_view also) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (out.size() >= limit) return out + "...";
    const std::size_t length = std::max<std::size_t>(utf8_length(text.substr(i)), 1);
    const std::string_view sequence = text.substr(i, length);
    const bool valid = utf8_length(text.substr(i)) != 0;
    if (!valid || is_control(sequence) || turns_direction(sequence)) {
      append_hex(out, sequence);
    } else if (also.find(sequence[0]) != std::string_view::npos) {
      out += '\\';
      out += sequence;
    } else {
      out += sequence;
    }
    i += length;
  }
  return out;
}

// Where exactly a file breaks its format matters less to most people than what to do now.
const char* usual_hint(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::malformed:
      return "fetch the file again; it is damaged, or something changed it";
    case ErrorKind::unsupported:
      return "write it anew in the expected form with the program that made it";
    default:
      return "";
  }
}

}  // namespace

std::string quoted(std::string_view text) { return "'" + escaped_up_to(text, 200, "'\\") + "'"; }

std::string escaped(std::string_view text) { return escaped_up_to(text, SIZE_MAX, ""); }

Error::Error(ErrorKind kind, std::string problem, std::string expected, std::string hint)
    : std::runtime_error(problem),
      kind_(kind),
      problem_(std::move(problem)),
      expected_(std::move(expected)),
      hint_(std::move(hint)) {
  if (hint_.empty()) hint_ = usual_hint(kind);
  compose();
}

Error& Error::at(std::string place) {
  if (!places_.empty() && places_.front() == place)
    return *this;  // a file knows its name, and so does its reader
  places_.insert(places_.begin(), std::move(place));
  compose();
  return *this;
}

void Error::compose() {
  line_.clear();
  for (const std::string& place : places_) line_ += place + ": ";
  line_ += problem_;
  if (!expected_.empty()) line_ += " (expected " + expected_ + ")";
}

}  // namespace thaw
