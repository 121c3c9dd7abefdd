// What the streams are connected to, and a line that shows progress there.
#pragma once

#include <chrono>
#include <cstdint>

#include "cli/arguments.h"

namespace thaw::cli {

// Flag, then NO_COLOR, then CLICOLOR_FORCE and FORCE_COLOR, then whether the stream is a terminal.
bool wants_color(Choice choice, int descriptor);

// Columns of the terminal that a stream is connected to; 0 when it is none.
std::size_t terminal_width(int descriptor);

// Redrawn at most ten times a second, on standard error, once a run has taken a second.
class ProgressLine {
 public:
  // `doing`: "writing", in seven letters.
  explicit ProgressLine(Choice choice, const char* doing = "writing");
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  void show(std::uint64_t done, std::uint64_t total);
  void clear();

 private:
  bool enabled_;
  const char* doing_;
  bool visible_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace thaw::cli
