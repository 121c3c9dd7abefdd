// Bytes of an HDF5 file, bounded: blocks by their address, and the numbers in them.
#pragma once

#include <cstdint>
#include <string>

#include "thaw/source.h"

namespace thaw::internal {

// The address that stands for "nowhere".
constexpr std::uint64_t kH5Nowhere = ~std::uint64_t{0};

[[noreturn]] void fail_h5(const std::string& what, const std::string& expected);

class H5Bytes {
 public:
  explicit H5Bytes(SourcePtr source) : source_(std::move(source)) {}

  const SourcePtr& source() const { return source_; }
  // Throws malformed past the end of the file, and when more was asked for than any file of weights has
  // beside its values: structures that lie over one another.
  std::string block(std::uint64_t at, std::uint64_t size);

 private:
  SourcePtr source_;
  std::uint64_t budget_ = 256u << 20;
};

// Little-endian numbers of one block, front to back. Throws malformed past the block's end.
class H5Fields {
 public:
  explicit H5Fields(Bytes bytes) : rest_(bytes) {}

  Bytes take(std::uint64_t size);
  void skip(std::uint64_t size) { take(size); }
  std::uint64_t number(std::size_t bytes);
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  Bytes rest() const { return rest_; }

 private:
  Bytes rest_;
};

}  // namespace thaw::internal
