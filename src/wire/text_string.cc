#include "wire/text_string.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "wire/text_tokens.h"

namespace thaw::internal {
namespace {

constexpr std::uint32_t kLastCodePoint = 0x10FFFF;

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

bool is_surrogate(std::uint32_t code, std::uint32_t first) { return code >= first && code < first + 0x400; }

void append_utf8(std::uint32_t code, std::string& into) {
  const auto tail = [&](unsigned shift) {
    into.push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3F)));
  };
  if (code < 0x80) {
    into.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    into.push_back(static_cast<char>(0xC0 | (code >> 6)));
    tail(0);
  } else if (code < 0x10000) {
    into.push_back(static_cast<char>(0xE0 | (code >> 12)));
    tail(6), tail(0);
  } else {
    into.push_back(static_cast<char>(0xF0 | (code >> 18)));
    tail(12), tail(6), tail(0);
  }
}

// One escape after another, from the byte after the backslash.
class Unescaper {
 public:
  Unescaper(Bytes raw, std::size_t at, std::string& into) : raw_(raw), at_(at), into_(into) {}

  void run() {
    while (pos_ < raw_.size()) {
      const std::size_t plain_end = std::min(raw_.find('\\', pos_), raw_.size());
      into_.append(raw_.substr(pos_, plain_end - pos_));
      pos_ = plain_end;
      while (pos_ < raw_.size() && raw_[pos_] == '\\') escape();
    }
  }

 private:
  [[noreturn]] void fail(std::string problem, std::string expected) const {
    throw TextFault{at_ + start_, std::move(problem), std::move(expected)};
  }

  // Up to `most` digits of the base; at least `least`.
  std::uint32_t digits(int base, std::size_t least, std::size_t most) {
    std::uint32_t value = 0;
    std::size_t count = 0;
    while (count < most && pos_ < raw_.size() && digit_value(raw_[pos_]) < base) {
      value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit_value(raw_[pos_]));
      ++pos_;
      ++count;
    }
    if (count < least) {
      fail("the escape " + quoted(raw_.substr(start_, pos_ - start_)) + " has too few digits",
           std::to_string(least) + (base == 16 ? " hexadecimal digits" : " octal digits"));
    }
    return value;
  }

  void octal() {
    const std::uint32_t value = digits(8, 1, 3);
    if (value > 0xFF) fail("the escape " + quoted(raw_.substr(start_, 4)) + " is no byte", "at most \\377");
    into_.push_back(static_cast<char>(value));
  }

  void code_point(std::size_t width) {
    std::uint32_t code = digits(16, width, width);
    if (is_surrogate(code, 0xD800) && raw_.substr(pos_).starts_with("\\u")) {
      pos_ += 2;
      const std::uint32_t low = digits(16, 4, 4);
      code = is_surrogate(low, 0xDC00) ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : code;
    }
    if (code > kLastCodePoint || is_surrogate(code, 0xD800) || is_surrogate(code, 0xDC00)) {
      fail("the escape " + quoted(raw_.substr(start_, pos_ - start_)) + " is no character",
           "a Unicode code point up to 10FFFF, surrogates only in pairs");
    }
    append_utf8(code, into_);
  }

  void escape() {
    start_ = pos_++;
    if (pos_ == raw_.size()) fail("a string ends in a backslash", "an escape such as \\n");
    const char c = raw_[pos_];
    if (c >= '0' && c <= '7') return octal();
    ++pos_;
    if (c == 'x' || c == 'X') return into_.push_back(static_cast<char>(digits(16, 1, 2)));
    if (c == 'u') return code_point(4);
    if (c == 'U') return code_point(8);
    simple(c);
  }

  void simple(char c) {
    constexpr Bytes kLetters = "abfnrtv\\'\"?";
    constexpr Bytes kMeanings = "\a\b\f\n\r\t\v\\'\"?";
    const std::size_t row = kLetters.find(c);
    if (row == Bytes::npos)
      fail("unknown escape " + quoted(raw_.substr(start_, 2)), "an escape of C, such as \\n or \\377");
    into_.push_back(kMeanings[row]);
  }

  Bytes raw_;
  std::size_t at_;
  std::string& into_;
  std::size_t pos_ = 0;
  std::size_t start_ = 0;  // of the escape being read
};

// The length of the UTF-8 sequence at the front, 0 when it is none. Rejects overlong forms and surrogates.
std::size_t sequence_size(Bytes bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xC2 && lead <= 0xDF   ? 2
                           : lead >= 0xE0 && lead <= 0xEF ? 3
                           : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                          : 0;
  if (size == 0 || size > bytes.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool outside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || outside ? 0 : size;
}

std::size_t skip_ascii(Bytes bytes, std::size_t pos) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080u;
  for (std::uint64_t word; bytes.size() - pos >= sizeof word; pos += sizeof word) {
    std::memcpy(&word, bytes.data() + pos, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  return pos;
}

}  // namespace

void append_unescaped(Bytes raw, std::size_t at, std::string& into) { Unescaper(raw, at, into).run(); }

bool is_valid_utf8(Bytes bytes) {
  for (std::size_t pos = skip_ascii(bytes, 0); pos < bytes.size();) {
    const std::size_t size = sequence_size(bytes.substr(pos));
    if (size == 0) return false;
    pos += size;
  }
  return true;
}

}  // namespace thaw::internal
