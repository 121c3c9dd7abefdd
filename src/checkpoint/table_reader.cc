#include "checkpoint/table_reader.h"

#include <algorithm>
#include <array>

#include "thaw/error.h"

namespace thaw::internal {

TableReader::TableReader(SourcePtr source) : source_(std::move(source)) {
  try {
    read_footer();
  } catch (Error& error) {
    throw error.at(source_->name());
  }
}

void TableReader::read_footer() {
  const std::uint64_t size = source_->size();
  if (size < kTableFooterSize) {
    throw Error(
        ErrorKind::malformed, "ends after " + std::to_string(size) + " bytes",
        "a table, whose footer alone has " + std::to_string(kTableFooterSize),
        size == 0 ? "an empty file is what a power cut or a full disk leaves behind" : "is the file cut?");
  }
  blocks_end_ = size - kTableFooterSize;
  std::array<char, kTableFooterSize> footer;
  source_->read_at(blocks_end_, std::as_writable_bytes(std::span(footer)));
  Bytes rest(footer.data(), footer.size() - kTableMagic.size());
  if (Bytes(footer.data() + rest.size(), kTableMagic.size()) != kTableMagic) {
    throw Error(ErrorKind::malformed, "does not end as a table does",
                "the bytes 57 fb 80 8b 24 75 47 db at the end",
                "is it the .index file of a checkpoint, and whole?");
  }
  const BlockHandle metaindex = take_handle(rest);
  const BlockHandle index = take_handle(rest);
  if (rest.find_first_not_of('\0') != Bytes::npos) {
    throw Error(ErrorKind::malformed, "a footer with something behind its two places", "zeros");
  }
  read_block(*source_, metaindex, blocks_end_);
  read_index(index);
  other_blocks_ = {metaindex, index};
}

void TableReader::read_index(BlockHandle handle) {
  const std::string block = read_block(*source_, handle, blocks_end_);
  BlockEntries entries(block);
  std::uint64_t free_from = 0;
  while (entries.next()) {
    Bytes value = entries.value();
    const BlockHandle data = take_handle(value);
    if (data.at < free_from || data.at > blocks_end_ || data.size > blocks_end_ - data.at) {
      throw Error(ErrorKind::malformed,
                  "data block " + std::to_string(blocks_.size()) + " of " + std::to_string(data.size) +
                      " bytes at byte " + std::to_string(data.at),
                  "blocks one behind the other, before byte " + std::to_string(blocks_end_));
    }
    if (!blocks_.empty() && entries.key() <= blocks_.back().bound) {
      throw Error(
          ErrorKind::malformed,
          "index key " + thaw::quoted(entries.key()) + " behind " + thaw::quoted(blocks_.back().bound),
          "ascending keys");
    }
    free_from = data.at + data.size;
    blocks_.push_back({data, std::string(entries.key())});
  }
}

void TableReader::for_each(const std::function<void(Bytes, Bytes)>& entry) const {
  std::optional<std::string> last_key;
  for (const DataBlock& block : blocks_) {
    try {
      each_in_block(block, last_key, entry);
    } catch (Error& error) {
      throw error.at("block at byte " + std::to_string(block.handle.at)).at(source_->name());
    }
    last_key = block.bound;
  }
}

void TableReader::scan(const std::function<void(Bytes, Bytes)>& entry,
                       const std::function<void(std::uint64_t, const Error&)>& fault) const {
  std::optional<std::string> last_key;
  for (const DataBlock& block : blocks_) {
    std::optional<std::string> bytes;
    try {
      bytes = read_block(*source_, block.handle, blocks_end_);
      walk_block(block, *bytes, last_key, [](Bytes, Bytes) {});  // none is believed before all are
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::input_io) throw;
      fault(block.handle.at, error);
      bytes.reset();
    }
    std::optional<std::string> again;
    if (bytes) walk_block(block, *bytes, again, entry);
    last_key = block.bound;
  }
}

std::vector<Range> TableReader::gaps() const {
  std::vector<BlockHandle> all = other_blocks_;
  for (const DataBlock& block : blocks_) all.push_back(block.handle);
  std::ranges::sort(all, {}, &BlockHandle::at);
  all.push_back({blocks_end_, 0});
  std::vector<Range> gaps;
  std::uint64_t end = 0;
  for (const BlockHandle& block : all) {
    if (block.at > end) gaps.push_back({end, block.at - end});
    end = std::max(end, block.at + block.size + kBlockTrailerSize);
  }
  return gaps;
}

std::optional<std::string> TableReader::find(Bytes key) const {
  const auto block =
      std::ranges::lower_bound(blocks_, key, {}, [](const DataBlock& each) { return Bytes(each.bound); });
  std::optional<std::string> found;
  if (block == blocks_.end()) return found;
  try {
    std::optional<std::string> last_key;
    each_in_block(*block, last_key, [&](Bytes each, Bytes value) {
      if (each == key) found = std::string(value);
    });
  } catch (Error& error) {
    throw error.at("block at byte " + std::to_string(block->handle.at)).at(source_->name());
  }
  return found;
}

void TableReader::each_in_block(const DataBlock& block, std::optional<std::string>& last_key,
                                const std::function<void(Bytes, Bytes)>& entry) const {
  walk_block(block, read_block(*source_, block.handle, blocks_end_), last_key, entry);
}

void TableReader::walk_block(const DataBlock& block, Bytes bytes, std::optional<std::string>& last_key,
                             const std::function<void(Bytes, Bytes)>& entry) {
  BlockEntries entries(bytes);
  while (entries.next()) {
    const Bytes key = entries.key();
    if (last_key && key <= *last_key) {
      throw Error(ErrorKind::malformed, "key " + thaw::quoted(key) + " behind " + thaw::quoted(*last_key),
                  "ascending keys");
    }
    if (key > block.bound) {
      throw Error(ErrorKind::malformed,
                  "key " + thaw::quoted(key) + " in a block that ends with " + thaw::quoted(block.bound),
                  "keys that the index block covers");
    }
    last_key = key;
    entry(key, entries.value());
  }
}

}  // namespace thaw::internal
