#include "report/screen.h"

#include <algorithm>

namespace thaw {

namespace {

constexpr std::size_t kIndent = 12;      // two blanks, a label of nine, one blank
constexpr std::size_t kLeastPart = 16;   // shorter ones tell nothing
constexpr std::size_t kLeastWidth = 40;  // narrower terminals break lines themselves
constexpr std::string_view kEllipsis = "..";

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The bytes of the first `count` characters.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (!is_continuation(text[at]) && count-- == 0) break;
  }
  return at;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

std::string gap_after(std::string_view label) {
  return std::string(label.size() < 9 ? 10 - label.size() : 1, ' ');
}

std::string shortened(std::string_view text, std::size_t width) {
  const std::size_t all = width_of(text);
  if (all <= width) return std::string(text);
  const std::size_t kept = std::max(width, kEllipsis.size() + 2) - kEllipsis.size();
  const std::size_t tail = kept / 2;
  return std::string(text.substr(0, bytes_of(text, kept - tail))) + std::string(kEllipsis) +
         std::string(text.substr(bytes_of(text, all - tail)));
}

void Screen::line(std::string_view text) { broken(std::string(text), 2); }

void Screen::row(std::string_view label, std::string_view text) {
  std::string line = "  " + std::string(label);
  line.resize(std::max(line.size() + 1, kIndent), ' ');
  broken(line + std::string(text), kIndent);
}

void Screen::row(std::string_view label, std::string_view name, std::string_view text) {
  const std::size_t used = kIndent + 2 + width_of(text);
  const std::size_t room = width_ > used ? width_ - used : 0;
  const std::string shown = width_ == 0 ? std::string(name) : shortened(name, std::max(room, kLeastPart));
  row(label, shown + (text.empty() ? "" : "  ") + std::string(text));
}

void Screen::broken(std::string line, std::size_t indent) {
  while (width_ >= kLeastWidth && width_of(line) > width_) {
    const std::size_t end = bytes_of(line, width_ + 1);
    std::size_t blank = line.rfind(' ', end - 1);
    if (blank == std::string::npos || blank <= indent) blank = line.find(' ', end);
    if (blank == std::string::npos) break;
    const std::size_t last = line.find_last_not_of(' ', blank);
    out_ += line.substr(0, last + 1) + "\n";
    const std::size_t next = line.find_first_not_of(' ', blank);
    line = std::string(indent, ' ') + (next == std::string::npos ? "" : line.substr(next));
  }
  out_ += line + "\n";
}

}  // namespace thaw
