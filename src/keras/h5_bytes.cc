#include "keras/h5_bytes.h"

#include "thaw/error.h"

namespace thaw::internal {

void fail_h5(const std::string& what, const std::string& expected) {
  throw Error(ErrorKind::malformed, "broken HDF5 file: " + what, expected,
              "save the weights again; a copy may have been cut off");
}

std::string H5Bytes::block(std::uint64_t at, std::uint64_t size) {
  if (at > source_->size() || size > source_->size() - at) {
    fail_h5(std::to_string(size) + " bytes at " + std::to_string(at) + " reach past its end",
            "at most " + std::to_string(source_->size()) + " bytes");
  }
  if (size > budget_) fail_h5("its structures lie over one another", "structures that are read once");
  budget_ -= size;
  std::string bytes(static_cast<std::size_t>(size), '\0');
  source_->read_at(at, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

Bytes H5Fields::take(std::uint64_t size) {
  if (size > rest_.size()) fail_h5("a structure ends too early", std::to_string(size) + " more bytes");
  const Bytes taken = rest_.substr(0, static_cast<std::size_t>(size));
  rest_.remove_prefix(static_cast<std::size_t>(size));
  return taken;
}

std::uint64_t H5Fields::number(std::size_t bytes) {
  const Bytes taken = take(bytes);
  std::uint64_t number = 0;
  for (std::size_t i = bytes; i-- > 0;) number = number << 8 | static_cast<unsigned char>(taken[i]);
  return number;
}

}  // namespace thaw::internal
