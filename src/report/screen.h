// Screen: labelled lines of a report, broken where the terminal ends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace thaw {

// Characters of a text that is valid UTF-8.
std::size_t width_of(std::string_view text);
// Without its middle where it has more than `width` characters: "conv1/..ights".
std::string shortened(std::string_view text, std::size_t width);

// What goes between a label and its text in reports of short labels (freeze, verify, diff): up to their tenth
// column.
std::string gap_after(std::string_view label);

class Screen {
 public:
  // `width` 0: lines are never broken, names never shortened.
  explicit Screen(std::size_t width) : width_(width) {}

  void line(std::string_view text);
  // An empty label goes on below the last one.
  void row(std::string_view label, std::string_view text);
  // The same with a name in front, which is shortened as far as it takes.
  void row(std::string_view label, std::string_view name, std::string_view text);

  std::string take() { return std::move(out_); }

 private:
  void broken(std::string line, std::size_t indent);

  std::size_t width_;
  std::string out_;
};

}  // namespace thaw
