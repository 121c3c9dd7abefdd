#include "checkpoint/string_tensor.h"

#include <array>

#include "checkpoint/table_writer.h"
#include "io/crc32c.h"
#include "io/window.h"
#include "thaw/error.h"
#include "wire/message_writer.h"
#include "wire/walk.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kChecksumSize = 4;

std::uint32_t extend_by_length(std::uint32_t crc, std::uint64_t length) {
  std::string bytes;
  append_u32(bytes, static_cast<std::uint32_t>(length & 0xFFFFFFFF));
  if (length > UINT32_MAX) append_u32(bytes, static_cast<std::uint32_t>(length >> 32));
  return crc32c_extend(crc, bytes);
}

std::uint32_t extend_by_checksum(std::uint32_t crc) {
  std::string bytes;
  append_u32(bytes, mask_crc(crc));
  return crc32c_extend(crc, bytes);
}

[[noreturn]] void wrong_checksum(const Source& source, const std::string& of_what, std::uint32_t stored,
                                 std::uint32_t computed) {
  throw Error(ErrorKind::malformed,
              "the checksum of " + of_what + " is wrong: stored " + std::to_string(stored) + ", computed " +
                  std::to_string(computed),
              "equal checksums", "the data file is damaged, or it and the index are of different saves")
      .at(source.name());
}

class StoredStrings final : public ValueBody {
 public:
  StoredStrings(SourcePtr source, Range range, std::uint64_t count, std::uint32_t crc)
      : source_(std::move(source)), range_(range), count_(count), crc_(crc) {
    read_lengths();
  }

  bool seekable() const override { return false; }
  std::unique_ptr<ByteStream> open(std::uint64_t) const override {
    throw Error(ErrorKind::bug, "a string tensor was read as bytes");
  }
  void for_each_string(const std::function<void(Bytes)>& sink) const override;

 private:
  void read_lengths();

  SourcePtr source_;
  Range range_;
  std::uint64_t count_;
  std::uint32_t crc_;
  std::uint64_t bytes_at_ = 0;
  std::uint32_t lengths_crc_ = 0;  // with the stored checksum's own bytes
};

void StoredStrings::read_lengths() {
  if (range_.size < kChecksumSize || count_ > range_.size - kChecksumSize) {
    throw Error(ErrorKind::malformed,
                std::to_string(count_) + " strings in " + std::to_string(range_.size) + " bytes",
                "a byte for each and four more");
  }
  Window window(*source_, range_);
  const std::uint64_t lengths_end = window.end() - kChecksumSize;
  std::uint64_t held = 0;  // what the lengths so far claim
  std::uint32_t crc = 0;
  for (std::uint64_t i = 0; i < count_; ++i) {
    const std::uint64_t length = read_varint(window, lengths_end);
    const std::uint64_t left = lengths_end - window.at();
    if (held > left || length > left - held) {
      throw Error(ErrorKind::malformed,
                  "string " + std::to_string(i) + " of " + std::to_string(length) + " bytes does not fit",
                  "strings of " + std::to_string(left) + " bytes in all");
    }
    held += length;
    crc = extend_by_length(crc, length);
  }
  if (held != lengths_end - window.at()) {
    throw Error(ErrorKind::malformed,
                "strings of " + std::to_string(held) + " bytes in a place for " +
                    std::to_string(lengths_end - window.at()),
                "equal sizes");
  }
  std::array<char, kChecksumSize> stored_bytes;
  window.copy(kChecksumSize, stored_bytes.data());
  std::string expected;
  append_u32(expected, mask_crc(crc));
  if (Bytes(stored_bytes.data(), kChecksumSize) != expected) {
    std::uint32_t stored = 0;
    for (std::size_t i = 0; i < kChecksumSize; ++i) {
      stored |= std::uint32_t{static_cast<unsigned char>(stored_bytes[i])} << (8 * i);
    }
    wrong_checksum(*source_, "the strings' lengths", unmask_crc(stored), crc);
  }
  bytes_at_ = window.at();
  lengths_crc_ = extend_by_checksum(crc);
}

void StoredStrings::for_each_string(const std::function<void(Bytes)>& sink) const {
  const std::uint64_t lengths_end = bytes_at_ - kChecksumSize;
  Window lengths(*source_, {range_.at, lengths_end - range_.at});
  Window bytes(*source_, {bytes_at_, range_.at + range_.size - bytes_at_});
  std::uint32_t crc = lengths_crc_;
  std::string large;
  for (std::uint64_t i = 0; i < count_; ++i) {
    const std::uint64_t length = read_varint(lengths, lengths_end);
    if (length > bytes.left()) throw Error(ErrorKind::input_io, "a file changed while it was being read");
    const auto size = static_cast<std::size_t>(length);
    Bytes element;
    if (size <= Window::kBuffer) {
      element = bytes.peek(size).substr(0, size);
    } else {
      large.resize(size);
      bytes.copy(size, large.data());
      element = large;
    }
    crc = crc32c_extend(crc, element);
    sink(element);
    if (size <= Window::kBuffer) bytes.advance(size);
  }
  if (crc != crc_) wrong_checksum(*source_, "the strings", crc_, crc);
}

}  // namespace

std::uint64_t string_tensor_size(const Value& strings) {
  std::uint64_t size = kChecksumSize;
  strings.for_each_string([&](Bytes element) { size += varint_size(element.size()) + element.size(); });
  return size;
}

std::uint32_t pour_string_tensor(const Value& strings, const Sink& sink) {
  std::uint32_t crc = 0;
  std::string piece;
  strings.for_each_string([&](Bytes element) {
    crc = extend_by_length(crc, element.size());
    piece.clear();
    append_varint(piece, element.size());
    sink(piece);
  });
  piece.clear();
  append_u32(piece, mask_crc(crc));
  sink(piece);
  crc = extend_by_checksum(crc);
  strings.for_each_string([&](Bytes element) {
    crc = crc32c_extend(crc, element);
    sink(element);
  });
  return crc;
}

Value stored_strings(Shape shape, SourcePtr source, Range range, std::uint32_t crc) {
  const auto count = static_cast<std::uint64_t>(shape.element_count().value_or(0));
  auto body = std::make_shared<StoredStrings>(std::move(source), range, count, crc);
  return Value(DType::string, std::move(shape), std::move(body));
}

}  // namespace thaw::internal
