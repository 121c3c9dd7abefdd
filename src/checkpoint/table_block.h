// A block of a table (see checkpoint/table_writer.h for its bytes), read from a file that may say anything.
#pragma once

#include <cstdint>
#include <string>

#include "checkpoint/table_writer.h"
#include "thaw/source.h"

namespace thaw::internal {

// The block's bytes, its checksum verified and, for type 1, Snappy's compression undone. `limit` is where
// blocks must have ended. Throws malformed. A compressed block may hold 32 times its size and 64 MiB at most:
// Snappy's densest element makes 64 bytes of 3.
std::string read_block(const Source& source, BlockHandle handle, std::uint64_t limit);

// The entries of a block from front to back. Throws malformed where a length reaches out of the block or the
// restarts are not where their list says; order of the keys is not looked at.
class BlockEntries {
 public:
  // `block` must outlive the object.
  explicit BlockEntries(Bytes block);

  bool next();
  // Valid until the next call of `next`.
  Bytes key() const { return key_; }
  Bytes value() const { return value_; }

 private:
  std::uint32_t restart(std::size_t i) const;
  void check_restart(std::size_t entry_at, std::uint64_t shared);
  std::uint64_t take_varint();

  Bytes entries_;
  Bytes restarts_;  // four bytes each
  std::size_t at_ = 0;
  std::size_t next_restart_ = 0;
  std::string key_;
  Bytes value_;
};

// Takes a handle off the front of `bytes`. Throws malformed when it is cut or too long.
BlockHandle take_handle(Bytes& bytes);

}  // namespace thaw::internal
