#include "compare/content_index.h"

#include <algorithm>
#include <cstring>

#include "compare/compare_values.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kMark = 4096;
constexpr std::size_t kReadAtOnce = 64 * 1024;  // a multiple of every element's size

std::string first_bytes(const Value& value) {
  std::string bytes(static_cast<std::size_t>(std::min(value.byte_size(), kMark)), '\0');
  if (!bytes.empty()) value.open()->read(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

// What reads damaged bytes throws.
template <typename Result, typename Read>
Result unless_damaged(Result otherwise, const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::malformed) throw;
    return otherwise;
  }
}

}  // namespace

std::optional<ContentIndex::Mark> ContentIndex::mark_of(const Value& value) {
  return unless_damaged(std::optional<Mark>(), [&] {
    return std::optional<Mark>({value.dtype(), value.shape().dims(), first_bytes(value)});
  });
}

const std::vector<std::size_t>& ContentIndex::alike(const Value& value) {
  static const std::vector<std::size_t> kNone;
  if (!marks_) {
    marks_.emplace();
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const std::optional<Mark> mark = values_[i] == nullptr ? std::nullopt : mark_of(*values_[i]);
      if (mark) (*marks_)[*mark].push_back(i);
    }
  }
  const std::optional<Mark> mark = mark_of(value);
  const auto found = mark ? marks_->find(*mark) : marks_->end();
  return found == marks_->end() ? kNone : found->second;
}

bool ContentIndex::same(const Value& value, std::size_t i) const {
  return unless_damaged(false, [&] { return same_value(value, *values_[i]); });
}

bool is_one_element_repeated(const Value& value) {
  const std::size_t width = element_size(value.dtype());
  if (width == 0 || value.byte_size() <= width) return true;
  std::vector<std::byte> chunk(kReadAtOnce);
  std::vector<std::byte> first;
  const auto stream = value.open();
  for (std::uint64_t rest = value.byte_size(); rest > 0;) {
    const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(rest, kReadAtOnce));
    stream->read(std::span(chunk).first(now));
    if (first.empty()) first.assign(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(width));
    for (std::size_t at = 0; at < now; at += width) {
      if (std::memcmp(chunk.data() + at, first.data(), width) != 0) return false;
    }
    rest -= now;
  }
  return true;
}

}  // namespace thaw::internal
