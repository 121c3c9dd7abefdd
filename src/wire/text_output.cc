#include "wire/text_output.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

constexpr std::uint64_t kOneByteLengths = 0x80;

char* put_varint(std::uint64_t value, char* into) {
  for (; value >= 0x80; value >>= 7) *into++ = static_cast<char>(value | 0x80);
  *into++ = static_cast<char>(value);
  return into;
}

template <typename Word>
void put_fixed(Word value, std::string& into) {
  for (std::size_t i = 0; i < sizeof value; ++i) into.push_back(static_cast<char>(value >> (8 * i)));
}

}  // namespace

void TextOutput::tag(std::uint32_t number, WireType type) {
  varint(std::uint64_t{number} << 3 | static_cast<std::uint32_t>(type));
}

void TextOutput::varint(std::uint64_t value) {
  char buffer[10];
  const char* end = put_varint(value, buffer);
  bytes_.append(buffer, static_cast<std::size_t>(end - buffer));
}

void TextOutput::fixed32(std::uint32_t value) { put_fixed(value, bytes_); }
void TextOutput::fixed64(std::uint64_t value) { put_fixed(value, bytes_); }

TextOutput::Mark TextOutput::open() {
  bytes_.push_back('\0');
  return {bytes_.size() - 1, extra_};
}

void TextOutput::close(Mark mark) {
  const std::uint64_t length = bytes_.size() - mark.at - 1 + (extra_ - mark.extra);
  if (length < kOneByteLengths) {
    bytes_[mark.at] = static_cast<char>(length);
    return;
  }
  long_lengths_.push_back({mark.at, length});
  extra_ += varint_size(length) - 1;
}

std::string TextOutput::finish() {
  std::ranges::sort(long_lengths_, std::greater<>(), &LongLength::at);
  std::size_t from = bytes_.size();
  bytes_.resize(bytes_.size() + extra_);
  std::size_t to = bytes_.size();
  for (const LongLength& length : long_lengths_) {
    const std::size_t body = from - (length.at + 1);
    to -= body;
    std::memmove(bytes_.data() + to, bytes_.data() + length.at + 1, body);
    to -= varint_size(length.value);
    put_varint(length.value, bytes_.data() + to);
    from = length.at;
  }
  long_lengths_.clear();
  extra_ = 0;
  return std::exchange(bytes_, {});
}

}  // namespace thaw::internal
