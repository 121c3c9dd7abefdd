// TableWriter: the sorted table that the index of a checkpoint is, byte for byte as TensorFlow writes it.
//
//   table    data block*, metaindex block (always empty), index block, footer
//   block    entry*, restart offset (u32le)*, number of restarts (u32le)
//   entry    shared, rest, value size (varints), the key's bytes after the shared ones, value
//   trailer  follows each block: type (0: as it is), mask(crc32c(block, type)) as u32le
//   footer   metaindex handle, index handle, zeros up to 40 bytes, 0xdb4775248b80fb57 as u64le
//   handle   offset and size of a block (varints), the trailer not counted
//
// A key shares its first bytes with the key before it, except at a restart: the first entry of a block and
// every 16th after it (every one in the index block). The index block has one entry for each data block: a
// short key that is not below the block's last and below the next block's first, and the block's handle.
// TensorFlow: tsl/lib/io/{table_builder,block_builder,format}.cc; the sizes are those of BundleWriter.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/recipe.h"
#include "wire/table_footer.h"

namespace thaw::internal {

constexpr std::size_t kBlockTrailerSize = 5;

struct BlockHandle {
  std::uint64_t at = 0;
  std::uint64_t size = 0;
};

class BlockBuilder {
 public:
  explicit BlockBuilder(std::uint32_t restart_interval) : interval_(restart_interval) {}

  void add(Bytes key, Bytes value);
  // Of the finished block as it stands.
  std::size_t size() const { return bytes_.size() + 4 * restarts_.size() + 4; }
  bool empty() const { return bytes_.empty(); }
  // The finished block; the builder is as new.
  std::string finish();

 private:
  std::uint32_t interval_;
  std::uint32_t since_restart_ = 0;
  std::string bytes_;
  std::vector<std::uint32_t> restarts_{0};
  std::string last_key_;
};

struct TableOptions {
  std::size_t block_size = 262144;
  std::uint32_t restart_interval = 16;
};

class TableWriter {
 public:
  explicit TableWriter(Sink sink, TableOptions options = {});

  // Keys ascend strictly, compared as unsigned bytes; the first may be empty. Throws `bug` when they do not.
  void add(Bytes key, Bytes value);
  // Nothing may be added afterwards.
  void finish();

 private:
  void flush();
  BlockHandle write_block(std::string block);
  void index_last_block(Bytes separator);

  Sink sink_;
  TableOptions options_;
  BlockBuilder data_;
  BlockBuilder index_{1};
  std::string last_key_;
  bool any_ = false;
  bool block_waits_ = false;  // `last_block_` is not in the index yet: its separator depends on the next key
  BlockHandle last_block_;
  std::uint64_t written_ = 0;
};

// A short key that is not below `key` and below `next`; `key` itself where no shorter one is found this way.
std::string separator_between(Bytes key, Bytes next);
// A short key that is not below `key`.
std::string successor_of(Bytes key);

void append_u32(std::string& out, std::uint32_t value);

}  // namespace thaw::internal
