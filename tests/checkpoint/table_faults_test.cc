// Tables that are wrong in one way each, under checksums that are right.
#include <snappy.h>

#include "checkpoint/bundle_fixture.h"
#include "checkpoint/table_reader.h"
#include "io/crc32c.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

std::string sealed(std::string block, char type = 0) {
  block += type;
  const std::uint32_t crc = crc32c(block);
  append_u32(block, mask_crc(crc));
  return block;
}

std::string entry(std::uint64_t shared, const std::string& rest, const std::string& value) {
  std::string bytes;
  append_varint(bytes, shared);
  append_varint(bytes, rest.size());
  append_varint(bytes, value.size());
  return bytes + rest + value;
}

std::string block_of(std::string entries, const std::vector<std::uint32_t>& restarts) {
  for (const std::uint32_t restart : restarts) append_u32(entries, restart);
  append_u32(entries, static_cast<std::uint32_t>(restarts.size()));
  return entries;
}

std::string handle_of(std::uint64_t at, std::uint64_t size) {
  std::string bytes;
  append_varint(bytes, at);
  append_varint(bytes, size);
  return bytes;
}

std::string footer_of(const std::string& metaindex, const std::string& index) {
  std::string footer = metaindex + index;
  footer.resize(kTableFooterSize - 8);
  return footer + from_hex("57 fb 80 8b 24 75 47 db");
}

const std::string kEmptyBlock = block_of("", {0});

// The given stored data blocks under index keys; a block's handle may be overridden.
struct Parts {
  std::vector<std::string> blocks;
  std::vector<std::string> bounds{"z"};
  std::vector<std::string> handles{};
  char type = 0;
};

std::string table_of(const Parts& parts) {
  std::string bytes;
  std::string index;
  for (std::size_t i = 0; i < parts.bounds.size(); ++i) {
    const std::string& block = parts.blocks.at(std::min(i, parts.blocks.size() - 1));
    const std::string handle =
        i < parts.handles.size() ? parts.handles[i] : handle_of(bytes.size(), block.size());
    bytes += sealed(block, parts.type);
    index += entry(0, parts.bounds[i], handle);
  }
  const std::string metaindex_at = handle_of(bytes.size(), kEmptyBlock.size());
  bytes += sealed(kEmptyBlock);
  std::vector<std::uint32_t> restarts(1, 0);
  const std::string index_block = block_of(index, restarts);
  const std::string index_at = handle_of(bytes.size(), index_block.size());
  return bytes + sealed(index_block) + footer_of(metaindex_at, index_at);
}

void read_all(const std::string& bytes) {
  TableReader(memory_source(bytes, "t.index")).for_each([](Bytes, Bytes) {});
}

void refused(std::string_view part, const std::string& bytes, ErrorKind kind = ErrorKind::malformed) {
  SCOPED_TRACE(part);
  expect_error(kind, part, [&] { read_all(bytes); });
  expect_error(kind, "t.index: ", [&] { read_all(bytes); });
}

const std::string kGood = entry(0, "a", "1") + entry(0, "b", "2");

TEST(TableFaults, TheTablesAreOtherwiseSound) {
  EXPECT_NO_THROW(read_all(table_of({{block_of(kGood, {0})}})));
  EXPECT_NO_THROW(read_all(table_of({{block_of(kGood, {0, 5})}})));
  EXPECT_NO_THROW(read_all(table_of({{block_of(kGood, {0}), block_of(entry(0, "d", ""), {0})}, {"c", "z"}})));
}

TEST(TableFaults, Footers) {
  const std::string good = table_of({{block_of(kGood, {0})}});
  refused("ends after 0 bytes", "");
  refused("ends after 47 bytes", good.substr(good.size() - 47));
  refused("does not end as a table does", good.substr(0, good.size() - 1));
  refused("a block's place that is cut or too long", footer_of(std::string(40, '\xff'), ""));
  refused("a block of 18446744073709551611 bytes at byte 0", footer_of(handle_of(0, UINT64_MAX - 4), ""));
  refused("a block of 18446744073709551615 bytes at byte 18446744073709551615",
          footer_of(handle_of(UINT64_MAX, UINT64_MAX), ""));
  refused("a block of 0 bytes at byte 0", footer_of("", ""));
  std::string padded = good;
  padded[padded.size() - 9] = 1;
  refused("a footer with something behind", padded);
}

TEST(TableFaults, IndexBlocks) {
  const std::vector<std::string> blocks = {block_of(kGood, {0})};
  refused("data block 0 of 5000 bytes at byte 0", table_of({blocks, {"z"}, {handle_of(0, 5000)}}));
  refused("data block 0 of 18446744073709551615 bytes",
          table_of({blocks, {"z"}, {handle_of(0, UINT64_MAX)}}));
  refused("data block 0 of 1 bytes at byte 18446744073709551615",
          table_of({blocks, {"z"}, {handle_of(UINT64_MAX, 1)}}));
  refused("data block 1 of 16 bytes at byte 0",
          table_of({blocks, {"c", "z"}, {handle_of(0, 16), handle_of(0, 16)}}));
  refused("a block's place that is cut", table_of({blocks, {"z"}, {"\x80"}}));
  refused("index key 'b' behind 'c'", table_of({blocks, {"c", "b"}}));
  refused("index key 'c' behind 'c'", table_of({blocks, {"c", "c"}}));
}

TEST(TableFaults, Keys) {
  refused("key 'a' behind 'b'", table_of({{block_of(entry(0, "b", "") + entry(0, "a", ""), {0})}}));
  refused("key 'a' behind 'a'", table_of({{block_of(entry(0, "a", "") + entry(1, "", ""), {0})}}));
  refused("key 'b' in a block that ends with 'a'", table_of({{block_of(kGood, {0})}, {"a"}}));
  refused("key 'c' behind 'c'",
          table_of({{block_of(kGood, {0}), block_of(entry(0, "c", ""), {0})}, {"c", "z"}}));
}

TEST(TableFaults, Restarts) {
  refused("with 0 restarts", table_of({{block_of(kGood, {})}}));
  refused("with 0 restarts", table_of({{"abc"}}));
  refused("with 9 restarts", table_of({{kGood + from_hex("00 00 00 00 09 00 00 00")}}));
  refused("with 4294967295 restarts", table_of({{kGood + from_hex("00 00 00 00 ff ff ff ff")}}));
  refused("a block whose first restart is not its start", table_of({{block_of(kGood, {5})}}));
  refused("restart 1 of a block, at byte 3, is not where", table_of({{block_of(kGood, {0, 3})}}));
  refused("restart 1 of a block, at byte 5, is not where",
          table_of({{block_of(entry(0, "a", "1") + entry(1, "b", "2"), {0, 5})}}));
  refused("a restart behind the last entry", table_of({{block_of(kGood, {0, 5, 10})}}));
  refused("restart 2 of a block, at byte 0, is not where",
          table_of({{block_of(kGood + entry(0, "c", ""), {0, 5, 0})}}));
  refused("restart 0 of a block, at byte 0, is not where", table_of({{block_of(entry(1, "a", ""), {0})}}));
}

TEST(TableFaults, Entries) {
  refused("shares 2 bytes of a key of 1", table_of({{block_of(entry(0, "a", "") + entry(2, "b", ""), {0})}}));
  refused("a length that is cut or too long", table_of({{block_of(std::string(12, '\xff'), {0})}}));
  refused("a length that is cut or too long", table_of({{block_of(kGood + "\x80", {0})}}));
  refused("claims 4294967295 + 1 more", table_of({{block_of(from_hex("00 ff ff ff ff 0f 01 61"), {0})}}));
  refused("claims 1 + 18446744073709551615 more",
          table_of({{block_of(from_hex("00 01 ff ff ff ff ff ff ff ff ff 01 61"), {0})}}));
}

TEST(TableFaults, Compression) {
  std::string packed;
  const std::string block = block_of(kGood, {0});
  snappy::Compress(block.data(), block.size(), &packed);
  EXPECT_NO_THROW(read_all(table_of({{packed}, {"z"}, {}, 1})));
  refused("compressed in way 2", table_of({{packed}, {"z"}, {}, 2}), ErrorKind::unsupported);
  refused("a Snappy block without a length", table_of({{std::string(6, '\xff')}, {"z"}, {}, 1}));
  refused("says it holds 4294967295",
          table_of({{from_hex("ff ff ff ff 0f") + std::string(15, 'a')}, {"z"}, {}, 1}));
  refused("cannot be unpacked", table_of({{from_hex("10 01 00 61 61")}, {"z"}, {}, 1}));
  refused("cannot be unpacked", table_of({{packed.substr(0, packed.size() - 1)}, {"z"}, {}, 1}));
}

TEST(TableFaults, TheDensestSnappyBlockIsTaken) {
  Parts parts{{}, {"z"}, {}, 1};
  const std::string block = block_of(entry(0, "a", std::string(300000, '\0')), {0});
  snappy::Compress(block.data(), block.size(), &parts.blocks.emplace_back());
  ASSERT_GT(block.size(), 20 * parts.blocks[0].size());
  EXPECT_NO_THROW(read_all(table_of(parts)));
}

// Whatever bytes a block holds, under a right checksum: an error or a clean end.
TEST(TableFaults, ChangedBlocks) {
  std::string block;
  for (char c = 'a'; c < 'z'; ++c) block += entry(c == 'a' ? 0 : 2, std::string(c == 'a' ? 3 : 1, c), "v");
  block = block_of(block, {0});
  std::uint32_t state = 7;
  const auto random = [&](std::size_t below) {
    return (state = state * 1664525 + 1013904223) / 65536 % below;
  };
  int errors = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string changed = block;
    for (std::size_t i = 0; i <= random(3); ++i)
      changed[random(changed.size())] = static_cast<char>(random(256));
    if (random(4) == 0) changed.resize(random(changed.size()));
    try {
      read_all(table_of({{changed}}));
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::malformed) << error.what();
      ++errors;
    }
  }
  EXPECT_GT(errors, 10000);
}

}  // namespace
}  // namespace thaw::internal
