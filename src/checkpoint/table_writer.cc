#include "checkpoint/table_writer.h"

#include <algorithm>
#include <utility>

#include "io/crc32c.h"
#include "thaw/error.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

std::size_t common_prefix(Bytes a, Bytes b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

void append_handle(std::string& out, BlockHandle handle) {
  append_varint(out, handle.at);
  append_varint(out, handle.size);
}

}  // namespace

void append_u32(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift & 0xFF);
}

std::string separator_between(Bytes key, Bytes next) {
  const std::size_t common = common_prefix(key, next);
  if (common == std::min(key.size(), next.size())) return std::string(key);
  const auto differs = static_cast<unsigned char>(key[common]);
  if (differs == 0xFF || differs + 1 >= static_cast<unsigned char>(next[common])) return std::string(key);
  std::string shorter(key.substr(0, common + 1));
  shorter.back() = static_cast<char>(differs + 1);
  return shorter;
}

std::string successor_of(Bytes key) {
  const std::size_t at = key.find_first_not_of('\xff');
  if (at == Bytes::npos) return std::string(key);
  std::string shorter(key.substr(0, at + 1));
  shorter.back() = static_cast<char>(static_cast<unsigned char>(key[at]) + 1);
  return shorter;
}

void BlockBuilder::add(Bytes key, Bytes value) {
  std::size_t shared = 0;
  if (since_restart_ < interval_) {
    shared = common_prefix(last_key_, key);
  } else {
    restarts_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    since_restart_ = 0;
  }
  append_varint(bytes_, shared);
  append_varint(bytes_, key.size() - shared);
  append_varint(bytes_, value.size());
  bytes_.append(key.substr(shared));
  bytes_.append(value);
  last_key_.assign(key);
  ++since_restart_;
}

std::string BlockBuilder::finish() {
  for (const std::uint32_t restart : restarts_) append_u32(bytes_, restart);
  append_u32(bytes_, static_cast<std::uint32_t>(restarts_.size()));
  restarts_.assign(1, 0);
  since_restart_ = 0;
  last_key_.clear();
  return std::exchange(bytes_, {});
}

TableWriter::TableWriter(Sink sink, TableOptions options)
    : sink_(std::move(sink)), options_(options), data_(options.restart_interval) {}

void TableWriter::add(Bytes key, Bytes value) {
  if (any_ && key <= last_key_) {
    throw Error(ErrorKind::bug,
                "the table's key " + thaw::quoted(key) + " was added behind " + thaw::quoted(last_key_));
  }
  // An entry of two blocks or more does not join a block that others are in already.
  if (key.size() + value.size() >= 2 * options_.block_size) flush();
  if (block_waits_) index_last_block(separator_between(last_key_, key));
  any_ = true;
  last_key_.assign(key);
  data_.add(key, value);
  if (data_.size() >= options_.block_size) flush();
}

void TableWriter::flush() {
  if (data_.empty()) return;
  last_block_ = write_block(data_.finish());
  block_waits_ = true;
}

void TableWriter::index_last_block(Bytes separator) {
  std::string handle;
  append_handle(handle, last_block_);
  index_.add(separator, handle);
  block_waits_ = false;
}

BlockHandle TableWriter::write_block(std::string block) {
  const BlockHandle handle{written_, block.size()};
  block += '\0';
  const std::uint32_t crc = crc32c(block);
  append_u32(block, mask_crc(crc));
  sink_(block);
  written_ += block.size();
  return handle;
}

void TableWriter::finish() {
  flush();
  const BlockHandle metaindex = write_block(BlockBuilder(1).finish());
  if (block_waits_) index_last_block(successor_of(last_key_));
  const BlockHandle index = write_block(index_.finish());
  std::string footer;
  append_handle(footer, metaindex);
  append_handle(footer, index);
  footer.resize(kTableFooterSize - kTableMagic.size());
  footer += kTableMagic;
  sink_(footer);
}

}  // namespace thaw::internal
