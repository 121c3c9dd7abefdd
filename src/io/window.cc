#include "io/window.h"

#include <algorithm>
#include <cstring>

#include "thaw/error.h"

namespace thaw::internal {

namespace {
constexpr std::size_t kFirstRead = 4096;
}

Window::Window(const Source& source, Range range) : source_(&source), buffer_at_(range.at) {
  const std::uint64_t size = source.size();
  if (range.at > size || range.size > size - range.at) {
    throw Error(ErrorKind::malformed,
                "a part of " + std::to_string(range.size) + " bytes at byte " + std::to_string(range.at) +
                    " passes the end of the file",
                "at most " + std::to_string(size) + " bytes in all", "was the file cut in a download?");
  }
  end_ = range.at + range.size;
}

Window::Window(Bytes bytes, std::uint64_t base)
    : buffer_begin_(bytes.data()),
      buffer_end_(bytes.data() + bytes.size()),
      cursor_(bytes.data()),
      buffer_at_(base),
      end_(base + bytes.size()) {}

void Window::seek(std::uint64_t at) {
  if (at > end_) throw Error(ErrorKind::bug, "a window was moved past its end");
  const auto held = static_cast<std::uint64_t>(buffer_end_ - buffer_begin_);
  if (at >= buffer_at_ && at - buffer_at_ <= held) {
    cursor_ = buffer_begin_ + (at - buffer_at_);
    return;
  }
  buffer_at_ = at;
  buffer_begin_ = buffer_end_ = cursor_ = storage_.get();
  ahead_ = kFirstRead;
}

void Window::refill(std::size_t n) {
  if (source_ == nullptr) return;
  const auto held = static_cast<std::size_t>(buffer_end_ - cursor_);
  const std::uint64_t here = at();
  const std::uint64_t rest = end_ - here - held;
  if (rest == 0) return;
  if (!storage_) storage_ = std::make_unique_for_overwrite<char[]>(kBuffer);
  char* begin = storage_.get();
  if (held != 0) std::memmove(begin, cursor_, held);
  const std::size_t wanted = std::max(n - held, ahead_);
  const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(rest, std::min(wanted, kBuffer - held)));
  source_->read_at(here + held, std::as_writable_bytes(std::span(begin + held, now)));
  ahead_ = std::min(ahead_ * 2, kBuffer);
  buffer_at_ = here;
  buffer_begin_ = cursor_ = begin;
  buffer_end_ = begin + held + now;
}

void Window::copy(std::uint64_t n, char* out) {
  if (n > left()) throw Error(ErrorKind::bug, "a window was read past its end");
  while (n > 0) {
    const auto held = static_cast<std::uint64_t>(buffer_end_ - cursor_);
    if (held == 0 && source_ != nullptr && n >= kBuffer) {  // large ones need not pass through the buffer
      const std::uint64_t here = at();
      source_->read_at(here, std::as_writable_bytes(std::span(out, static_cast<std::size_t>(n))));
      seek(here + n);
      return;
    }
    const Bytes some = peek(1);
    const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(n, some.size()));
    std::memcpy(out, some.data(), now);
    advance(now);
    out += now;
    n -= now;
  }
}

}  // namespace thaw::internal
