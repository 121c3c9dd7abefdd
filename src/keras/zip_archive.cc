#include "keras/zip_archive.h"

#include <algorithm>
#include <optional>

#include "keras/h5_bytes.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kEndSize = 22, kLocatorSize = 20, kEnd64Size = 56, kLocalSize = 30, kEntrySize = 46;
constexpr std::uint64_t kLongestComment = 65535, kMostDirectory = 64u << 20;
constexpr std::uint32_t kIn64 = 0xFFFFFFFF;
constexpr Bytes kEndMark("PK\5\6", 4), kEnd64Mark("PK\6\6", 4), kLocatorMark("PK\6\7", 4),
    kEntryMark("PK\1\2", 4), kLocalMark("PK\3\4", 4), kDescriptorMark("PK\7\x8", 4);

[[noreturn]] void fail_zip(const std::string& what) {
  throw Error(ErrorKind::malformed, "broken zip file: " + what, "a whole .keras file",
              "save the model again; a copy may have been cut off");
}

std::string block(const Source& file, std::uint64_t at, std::uint64_t size) {
  if (at > file.size() || size > file.size() - at) fail_zip("something reaches past its end");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  file.read_at(at, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

Range find_directory(const Source& file) {
  const std::uint64_t tail = std::min(file.size(), kEndSize + kLongestComment);
  const std::string bytes = block(file, file.size() - tail, tail);
  const std::size_t at = bytes.rfind(kEndMark);
  if (at == std::string::npos || bytes.size() - at < kEndSize) fail_zip("its directory is missing");
  H5Fields fields(Bytes(bytes).substr(at + 12));
  const std::uint32_t size = fields.u32(), offset = fields.u32();
  const std::uint64_t end = file.size() - tail + at;
  if ((size != kIn64 && offset != kIn64) || end < kLocatorSize) return {offset, size};
  const std::string locator = block(file, end - kLocatorSize, kLocatorSize);
  if (!locator.starts_with(kLocatorMark)) return {offset, size};
  const std::string end64 = block(file, H5Fields(Bytes(locator).substr(8)).u64(), kEnd64Size);
  if (!end64.starts_with(kEnd64Mark)) fail_zip("the 64 bit end of its directory is missing");
  H5Fields wide(Bytes(end64).substr(40));
  const std::uint64_t wide_size = wide.u64();
  return {wide.u64(), wide_size};
}

struct Entry {
  std::uint16_t flags = 0, method = 0;
  std::uint64_t packed = 0, size = 0, local = 0;
};

// The 64 bit forms of what has no place in 32, in this order (APPNOTE 4.5.3).
void widen(Bytes extra, Entry& entry) {
  H5Fields fields(extra);
  while (fields.rest().size() >= 4) {
    const std::uint16_t id = fields.u16(), size = fields.u16();
    if (size > fields.rest().size()) return;
    H5Fields inner(fields.take(size));
    if (id != 1) continue;
    for (std::uint64_t* number : {&entry.size, &entry.packed, &entry.local}) {
      if (*number == kIn64) *number = inner.u64();
    }
  }
}

std::string fault_of(const Entry& entry) {
  if ((entry.flags & 1) != 0) return "is encrypted";
  return entry.method != 0 || entry.packed != entry.size ? "is compressed" : "";
}

class ZipReader {
 public:
  explicit ZipReader(const Source& file) : file_(file) {}

  std::vector<ZipMember> run() {
    const Range directory = find_directory(file_);
    if (directory.size > kMostDirectory) fail_zip("its directory is too large");
    const std::string bytes = block(file_, directory.at, directory.size);
    H5Fields fields(bytes);
    std::vector<ZipMember> members;
    while (fields.rest().size() >= kEntrySize) {
      const std::uint64_t at = directory.at + (bytes.size() - fields.rest().size());
      members.push_back(read_entry(fields, at));
    }
    return members;
  }

 private:
  ZipMember read_entry(H5Fields& fields, std::uint64_t at) const {
    if (fields.take(4) != kEntryMark) fail_zip("its directory has something else in it");
    Entry entry;
    fields.skip(4);
    entry.flags = fields.u16();
    entry.method = fields.u16();
    fields.skip(8);
    entry.packed = fields.u32();
    entry.size = fields.u32();
    const std::uint16_t name = fields.u16(), extra = fields.u16(), comment = fields.u16();
    fields.skip(8);
    entry.local = fields.u32();
    ZipMember member;
    member.name = std::string(fields.take(name));
    widen(fields.take(extra), entry);
    fields.skip(comment);
    member.crc_at.push_back(at + 16);
    member.fault = fault_of(entry);
    if (member.fault.empty()) place(entry, member);
    return member;
  }

  void place(const Entry& entry, ZipMember& member) const {
    const std::string head = block(file_, entry.local, kLocalSize);
    if (!head.starts_with(kLocalMark))
      fail_zip(thaw::quoted(member.name) + " is not where its directory says");
    H5Fields lengths(Bytes(head).substr(26));
    const std::uint64_t names = lengths.u16() + std::uint64_t{lengths.u16()};
    member.data = {entry.local + kLocalSize + names, entry.size};
    if (member.data.at > file_.size() || entry.size > file_.size() - member.data.at)
      fail_zip(thaw::quoted(member.name) + " reaches past its end");
    if ((entry.flags & 8) == 0) {
      member.crc_at.push_back(entry.local + 14);
      return;
    }
    const std::uint64_t behind = member.data.at + entry.size;
    if (!block(file_, behind, 8).starts_with(kDescriptorMark))
      fail_zip(thaw::quoted(member.name) + " has no checksum");
    member.crc_at.push_back(behind + 4);
  }

  const Source& file_;
};

}  // namespace

bool looks_like_zip(Bytes front) { return front.starts_with(kLocalMark); }

std::vector<ZipMember> read_zip(const Source& file) { return ZipReader(file).run(); }

}  // namespace thaw::internal
