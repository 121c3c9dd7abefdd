// Bytes that end where a memory checker watches: blocks of the heap of exactly their size.
#pragma once

#include <cstring>
#include <memory>
#include <span>
#include <string>

#include "thaw/error.h"
#include "thaw/source.h"

namespace thaw::internal {

class ExactBytes {
 public:
  explicit ExactBytes(Bytes bytes) : block_(new char[bytes.size()]), size_(bytes.size()) {
    if (size_ > 0) std::memcpy(block_.get(), bytes.data(), size_);
  }
  Bytes bytes() const { return {block_.get(), size_}; }

 private:
  std::unique_ptr<char[]> block_;
  std::size_t size_;
};

// A source over such a block.
class ExactSource final : public Source {
 public:
  explicit ExactSource(Bytes bytes) : block_(bytes) {}
  std::string name() const override { return "block"; }
  std::uint64_t size() const override { return block_.bytes().size(); }
  void read_at(std::uint64_t at, std::span<std::byte> into) const override {
    if (at > size() || into.size() > size() - at)
      throw Error(ErrorKind::bug, "a read past the end of a source");
    std::memcpy(into.data(), block_.bytes().data() + at, into.size());
  }

 private:
  ExactBytes block_;
};

inline SourcePtr exact_source(Bytes bytes) { return std::make_shared<ExactSource>(bytes); }

// Runs `read` on every beginning of `whole`, in a block of its own. It may succeed, or refuse the input; all
// else is reported as the size it happened at, together with what was thrown.
template <typename Read>
std::string sweep_beginnings(const std::string& whole, const Read& read) {
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::string where = std::to_string(size) + " of " + std::to_string(whole.size()) + " bytes: ";
    try {
      read(exact_source(Bytes(whole).substr(0, size)));
    } catch (const Error& error) {
      const bool refusal = error.kind() == ErrorKind::malformed || error.kind() == ErrorKind::unsupported ||
                           error.kind() == ErrorKind::no_weights;
      if (!refusal) return where + "the wrong kind of error: " + error.what();
      if (error.expected().empty()) return where + "nothing says what was expected: " + error.what();
    } catch (const std::exception& error) {
      return where + error.what();
    }
  }
  return "";
}

}  // namespace thaw::internal
