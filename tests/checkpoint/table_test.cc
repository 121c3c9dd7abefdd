// The table's own bytes, and both directions at once. tests/checkpoint/table_leveldb_test.cc has the second
// opinion.
#include <rapidcheck/gtest.h>

#include <map>

#include "checkpoint/bundle_fixture.h"
#include "checkpoint/table_reader.h"
#include "checkpoint/table_writer.h"

namespace thaw::internal {
namespace {

using Entries = std::map<std::string, std::string>;

std::string written_table(const Entries& entries, TableOptions options = {}) {
  std::string bytes;
  TableWriter writer([&](Bytes piece) { bytes.append(piece); }, options);
  for (const auto& [key, value] : entries) writer.add(key, value);
  writer.finish();
  return bytes;
}

std::vector<std::pair<std::string, std::string>> read_table(std::string bytes) {
  std::vector<std::pair<std::string, std::string>> entries;
  TableReader(memory_source(std::move(bytes), "t")).for_each([&](Bytes key, Bytes value) {
    entries.emplace_back(key, value);
  });
  return entries;
}

TEST(Table, Separators) {
  const std::vector<std::array<std::string, 3>> table = {
      {"abc", "abq", "abd"},   {"abc", "abd", "abc"},
      {"abc", "abcd", "abc"},  {"layer1/w", "layer9/b", "layer2"},
      {"", "a", ""},           {"a\x7f", "a\xff", "a\x80"},
      {"a\xff\xff", "c", "b"}, {"a\xff", "a\xff\x01", "a\xff"},
  };
  for (const auto& [key, next, separator] : table) EXPECT_EQ(separator_between(key, next), separator) << key;
}

TEST(Table, Successors) {
  const std::vector<std::array<std::string, 2>> table = {
      {"w", "x"}, {"conv2d_2/kernel", "d"}, {"\xff\x61", "\xff\x62"}, {std::string("\0\x65", 2), "\x01"},
      {"", ""},   {"\xff\xff", "\xff\xff"},
  };
  for (const auto& [key, successor] : table) EXPECT_EQ(successor_of(key), successor);
}

TEST(Table, EmptyTable) {
  const std::string bytes = written_table({});
  EXPECT_EQ(to_hex(bytes.substr(0, 13)), "00 00 00 00 01 00 00 00 00 c0 f2 a1 b0");
  EXPECT_EQ(read_table(bytes).size(), 0u);
}

TEST(Table, KeysOutOfOrderAreABug) {
  for (const std::string second : {"a", "b"}) {
    TableWriter writer([](Bytes) {});
    writer.add("b", "");
    expect_error(ErrorKind::bug, "'b'", [&] { writer.add(second, ""); });
  }
}

// How many data blocks there are, from the number of entries of the index block.
std::size_t blocks_in(const std::string& bytes) {
  Bytes footer = Bytes(bytes).substr(bytes.size() - kTableFooterSize);
  take_handle(footer);
  const BlockHandle index = take_handle(footer);
  const std::string block = read_block(*memory_source(bytes), index, bytes.size() - kTableFooterSize);
  std::size_t count = 0;
  for (BlockEntries entries(block); entries.next();) ++count;
  return count;
}

TEST(Table, WhereBlocksEnd) {
  const auto value = [](std::size_t size) { return std::string(size, 'v'); };
  // A block of one entry of n bytes takes 3 + 1 + n bytes of entry, as its length has three bytes, and 8 of
  // restarts.
  const std::size_t full = 262144 - 8 - 6;
  EXPECT_EQ(blocks_in(written_table({{"a", value(full - 1)}, {"b", "v"}})), 1u);
  EXPECT_EQ(blocks_in(written_table({{"a", value(full)}, {"b", "v"}})), 2u);
  // An entry of two blocks' size stands alone, unless it is the first; one byte less and it joins the block
  // before it.
  EXPECT_EQ(blocks_in(written_table({{"a", "v"}, {"b", value(524287)}})), 2u);
  EXPECT_EQ(blocks_in(written_table({{"a", "v"}, {"b", value(524286)}})), 1u);
  EXPECT_EQ(blocks_in(written_table({{"a", value(600000)}, {"b", "v"}})), 2u);
}

RC_GTEST_PROP(Table, RoundTrip, (const Entries& entries, std::uint8_t block_size, std::uint8_t interval)) {
  const TableOptions options{static_cast<std::size_t>(block_size) + 1,
                             static_cast<std::uint32_t>(interval) + 1};
  const auto back = read_table(written_table(entries, options));
  RC_ASSERT(
      std::equal(back.begin(), back.end(), entries.begin(), entries.end(),
                 [](const auto& a, const auto& b) { return a.first == b.first && a.second == b.second; }));
  RC_ASSERT(read_table(written_table(entries)) == back);
}

}  // namespace
}  // namespace thaw::internal
