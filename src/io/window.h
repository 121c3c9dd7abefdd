// Window: a forward view of a stretch of a Source through a small buffer, or of bytes already in memory. All
// positions are 64-bit offsets in the source; nothing outside the stretch can be read.
#pragma once

#include <cstdint>
#include <memory>

#include "thaw/source.h"

namespace thaw::internal {

class Window {
 public:
  static constexpr std::size_t kBuffer = 64 * 1024;

  // `source` must outlive the window. Throws malformed when the range passes the source's end.
  Window(const Source& source, Range range);
  // Over bytes in memory, which must outlive the window. Positions start at `base`.
  explicit Window(Bytes bytes, std::uint64_t base = 0);

  std::uint64_t at() const { return buffer_at_ + static_cast<std::uint64_t>(cursor_ - buffer_begin_); }
  std::uint64_t end() const { return end_; }
  std::uint64_t left() const { return end_ - at(); }

  // Moves to `at`, which must not pass the end. Backward only to where the buffer still reaches; else it is
  // read again.
  void seek(std::uint64_t at);

  // At least min(n, left()) bytes from here on, without moving; `n` at most kBuffer. Valid until the next
  // call.
  Bytes peek(std::size_t n) {
    if (static_cast<std::size_t>(buffer_end_ - cursor_) < n) refill(n);
    return {cursor_, static_cast<std::size_t>(buffer_end_ - cursor_)};
  }
  // Moves on by n bytes that `peek` has just shown.
  void advance(std::size_t n) { cursor_ += n; }

  // The next n bytes, copied to `out`. Throws malformed when fewer are left.
  void copy(std::uint64_t n, char* out);

 private:
  void refill(std::size_t n);

  const Source* source_ = nullptr;
  std::unique_ptr<char[]> storage_;
  const char* buffer_begin_ = nullptr;
  const char* buffer_end_ = nullptr;
  const char* cursor_ = nullptr;
  std::uint64_t buffer_at_ = 0;
  std::uint64_t end_ = 0;
  std::size_t ahead_ = 4096;  // how much to read at the next refill; grows while reading is sequential
};

}  // namespace thaw::internal
