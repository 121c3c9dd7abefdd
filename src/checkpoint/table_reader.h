// TableReader: the entries of a sorted table (see checkpoint/table_writer.h for its bytes), in order.
//
// Stricter than TensorFlow's reader: the metaindex block's checksum is looked at, the footer's padding must
// be zero, blocks must follow each other, and keys must ascend, across blocks as the index block's keys
// promise. Every single changed bit of a table is found.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/table_block.h"
#include "thaw/error.h"

namespace thaw::internal {

class TableReader {
 public:
  // Reads footer, metaindex and index block. Throws malformed.
  explicit TableReader(SourcePtr source);

  // Every entry, one block in memory at a time; the bytes are valid during the call. Throws malformed. Errors
  // that `entry` throws gain the place in the table.
  void for_each(const std::function<void(Bytes key, Bytes value)>& entry) const;

  // Every entry of the blocks that are whole; `fault` hears what is wrong with the others and where they
  // begin. Errors that `entry` throws pass through.
  void scan(const std::function<void(Bytes key, Bytes value)>& entry,
            const std::function<void(std::uint64_t at, const Error& error)>& fault) const;
  // Stretches in front of the footer that belong to no block.
  std::vector<Range> gaps() const;

  // One entry; only its block is read. Throws malformed.
  std::optional<std::string> find(Bytes key) const;

 private:
  struct DataBlock {
    BlockHandle handle;
    std::string bound;  // no key of the block is above it, every key behind the block is
  };

  void read_footer();
  void read_index(BlockHandle handle);
  void each_in_block(const DataBlock& block, std::optional<std::string>& last_key,
                     const std::function<void(Bytes, Bytes)>& entry) const;
  static void walk_block(const DataBlock& block, Bytes bytes, std::optional<std::string>& last_key,
                         const std::function<void(Bytes, Bytes)>& entry);

  SourcePtr source_;
  std::uint64_t blocks_end_ = 0;  // where the footer begins
  std::vector<DataBlock> blocks_;
  std::vector<BlockHandle> other_blocks_;  // metaindex and index
};

}  // namespace thaw::internal
