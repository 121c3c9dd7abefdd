#include "checkpoint/table_block.h"

#include <snappy.h>

#include <optional>

#include "io/crc32c.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kMostInflated = 64u << 20;
constexpr std::uint64_t kMostRatio = 32;

std::uint32_t load_u32(Bytes bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return value;
}

// In its shortest form only: so no bit of a table can change without notice.
std::optional<std::uint64_t> varint_at(Bytes bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    if ((shift == 63 && byte > 1) || (shift > 0 && byte == 0)) return std::nullopt;
    value |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

std::string inflate(Bytes packed) {
  std::size_t size = 0;
  if (!snappy::GetUncompressedLength(packed.data(), packed.size(), &size)) {
    throw Error(ErrorKind::malformed, "a Snappy block without a length", "its length in front");
  }
  if (size > kMostInflated || size > kMostRatio * packed.size()) {
    throw Error(
        ErrorKind::malformed,
        "a Snappy block of " + std::to_string(packed.size()) + " bytes says it holds " + std::to_string(size),
        "at most " + std::to_string(kMostRatio) + " times its size, and 64 MiB");
  }
  std::string block(size, '\0');
  if (!snappy::RawUncompress(packed.data(), packed.size(), block.data())) {
    throw Error(ErrorKind::malformed, "a Snappy block that cannot be unpacked", "valid Snappy data");
  }
  return block;
}

}  // namespace

BlockHandle take_handle(Bytes& bytes) {
  std::size_t at = 0;
  const std::optional<std::uint64_t> offset = varint_at(bytes, at);
  const std::optional<std::uint64_t> size = offset ? varint_at(bytes, at) : std::nullopt;
  if (!size) throw Error(ErrorKind::malformed, "a block's place that is cut or too long", "two varints");
  bytes.remove_prefix(at);
  return {*offset, *size};
}

std::string read_block(const Source& source, BlockHandle handle, std::uint64_t limit) {
  const bool fits = limit >= kBlockTrailerSize && handle.at <= limit - kBlockTrailerSize &&
                    handle.size <= limit - kBlockTrailerSize - handle.at;
  if (!fits) {
    throw Error(ErrorKind::malformed,
                "a block of " + std::to_string(handle.size) + " bytes at byte " + std::to_string(handle.at),
                "blocks that end before byte " + std::to_string(limit), "is the file cut?");
  }
  std::string bytes(static_cast<std::size_t>(handle.size) + kBlockTrailerSize, '\0');
  source.read_at(handle.at, std::as_writable_bytes(std::span(bytes)));
  const Bytes covered = Bytes(bytes).substr(0, bytes.size() - 4);
  const std::uint32_t stored = unmask_crc(load_u32(Bytes(bytes).substr(covered.size())));
  const std::uint32_t computed = crc32c(covered);
  if (stored != computed) {
    throw Error(ErrorKind::malformed,
                "the checksum of the block at byte " + std::to_string(handle.at) + " is wrong: stored " +
                    std::to_string(stored) + ", computed " + std::to_string(computed),
                "equal checksums", "the file is damaged; copy it again from where it came from");
  }
  const auto type = static_cast<unsigned char>(covered.back());
  bytes.resize(static_cast<std::size_t>(handle.size));
  if (type == 0) return bytes;
  if (type == 1) return inflate(bytes);
  throw Error(
      ErrorKind::unsupported,
      "the block at byte " + std::to_string(handle.at) + " is compressed in way " + std::to_string(type),
      "0 (not at all) or 1 (Snappy)");
}

BlockEntries::BlockEntries(Bytes block) {
  const std::uint64_t count = block.size() < 4 ? 0 : load_u32(block.substr(block.size() - 4));
  if (count == 0 || count > (block.size() - 4) / 4) {
    throw Error(
        ErrorKind::malformed,
        "a block of " + std::to_string(block.size()) + " bytes with " + std::to_string(count) + " restarts",
        "one restart or more, four bytes each");
  }
  const std::size_t size = block.size() - 4 - static_cast<std::size_t>(count) * 4;
  entries_ = block.substr(0, size);
  restarts_ = block.substr(size, static_cast<std::size_t>(count) * 4);
  if (restart(0) != 0)
    throw Error(ErrorKind::malformed, "a block whose first restart is not its start", "restart 0 at byte 0");
}

std::uint32_t BlockEntries::restart(std::size_t i) const { return load_u32(restarts_.substr(i * 4)); }

// Every restart in the list must be the place of an entry that shares nothing, and in order.
void BlockEntries::check_restart(std::size_t entry_at, std::uint64_t shared) {
  const bool listed = next_restart_ < restarts_.size() / 4 && restart(next_restart_) <= entry_at;
  if (!listed) return;
  if (restart(next_restart_) != entry_at || shared != 0) {
    throw Error(ErrorKind::malformed,
                "restart " + std::to_string(next_restart_) + " of a block, at byte " +
                    std::to_string(restart(next_restart_)) + ", is not where a whole key is",
                "ascending places of entries that share nothing");
  }
  ++next_restart_;
}

std::uint64_t BlockEntries::take_varint() {
  const std::optional<std::uint64_t> value = varint_at(entries_, at_);
  if (!value)
    throw Error(ErrorKind::malformed, "a length that is cut or too long", "a varint inside the block");
  return *value;
}

bool BlockEntries::next() {
  const std::size_t entry_at = at_;
  if (entry_at == entries_.size()) {
    const bool all_met = next_restart_ == restarts_.size() / 4 || (entries_.empty() && restarts_.size() == 4);
    if (!all_met)
      throw Error(ErrorKind::malformed, "a restart behind the last entry of its block",
                  "ascending places of entries");
    return false;
  }
  const std::uint64_t shared = take_varint();
  const std::uint64_t rest = take_varint();
  const std::uint64_t value_size = take_varint();
  check_restart(entry_at, shared);
  const std::size_t left = entries_.size() - at_;
  if (shared > key_.size() || rest > left || value_size > left - static_cast<std::size_t>(rest)) {
    throw Error(ErrorKind::malformed,
                "the entry at byte " + std::to_string(entry_at) + " of its block shares " +
                    std::to_string(shared) + " bytes of a key of " + std::to_string(key_.size()) +
                    " and claims " + std::to_string(rest) + " + " + std::to_string(value_size) + " more",
                "at most the " + std::to_string(left) + " bytes left");
  }
  key_.resize(static_cast<std::size_t>(shared));
  key_.append(entries_.substr(at_, static_cast<std::size_t>(rest)));
  at_ += static_cast<std::size_t>(rest);
  value_ = entries_.substr(at_, static_cast<std::size_t>(value_size));
  at_ += static_cast<std::size_t>(value_size);
  return true;
}

}  // namespace thaw::internal
