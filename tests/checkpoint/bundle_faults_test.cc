// Checkpoints whose tables are sound and whose entries are not.
#include <algorithm>

#include "checkpoint/bundle_fixture.h"
#include "checkpoint/ordered_code.h"
#include "checkpoint/table_reader.h"
#include "checkpoint/table_writer.h"
#include "io/crc32c.h"

namespace thaw::internal {
namespace {

// An index with these values under these keys, whatever they are.
std::string index_of(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::string index;
  TableWriter table([&](Bytes bytes) { index.append(bytes); });
  for (const auto& [key, value] : rows) table.add(key, value);
  table.finish();
  return index;
}

BundleEntry entry_of(std::vector<std::int64_t> dims, Range range, std::vector<Slice> slices = {}) {
  BundleEntry entry{DType::float32, Shape(std::move(dims)), 0, range, 0, std::move(slices)};
  entry.crc = crc32c(std::string(range.size > 1000 ? 0 : range.size, '\0'));
  return entry;
}

struct Rows {
  std::vector<std::pair<std::string, BundleEntry>> entries;

  Bundle bundle() const {
    std::vector<std::pair<std::string, std::string>> rows{{"", encode_bundle_header(2)}};
    for (const auto& [key, entry] : entries) rows.emplace_back(key, encode_bundle_entry(entry));
    std::ranges::sort(rows);
    return {index_of(rows), {std::string(64, '\0'), std::string(64, '\0')}};
  }
};

TEST(BundleFaults, RefusedIndexes) {
  const std::string header = encode_bundle_header(1);
  const auto refused = [](std::string_view part, std::string index, ErrorKind kind = ErrorKind::malformed) {
    expect_error(kind, part, [&] { Bundle{index, {""}}.open(); });
    expect_error(kind, "m.index: ", [&] { Bundle{index, {""}}.open(); });
  };
  refused("ends after 0 bytes", "");
  refused("without entries", index_of({}));
  refused("the table begins with key 'a'", index_of({{"a", ""}}));
  refused("header: a checkpoint of 0 data files", index_of({{"", from_hex("08 00")}}));
  refused("header: a checkpoint whose numbers are big-endian", index_of({{"", from_hex("08 01 10 01")}}),
          ErrorKind::unsupported);
  refused("tensor 'w': a tensor without a dtype", index_of({{"", header}, {"w", ""}}));
  refused("tensor 'w': a field of", index_of({{"", header}, {"w", from_hex("08 01 12 09")}}));
}

TEST(BundleFaults, RefusedEntries) {
  const auto refused = [](std::string_view part, const Rows& rows) {
    SCOPED_TRACE(part);
    expect_error(ErrorKind::malformed, part, [&] { rows.bundle().open(); });
  };
  refused("tensor 'w': 12 bytes for float32 of shape [2]", {{{"w", entry_of({2}, {0, 12})}}});
  refused("tensor 'w': 9 bytes for float32 of shape [2]", {{{"w", entry_of({2}, {0, 9})}}});
  refused("tensor 'w': 0 bytes for float32 of shape []", {{{"w", entry_of({}, {0, 0})}}});
  refused("'a' and 'b' overlap in data file 0",
          {{{"a", entry_of({2}, {0, 8})}, {"b", entry_of({2}, {4, 8})}}});
  refused("'b' and 'a' overlap", {{{"a", entry_of({2}, {0, 8})}, {"b", entry_of({1}, {0, 4})}}});
  BundleEntry stray = entry_of({1}, {0, 4});
  stray.shard = 2;
  refused("tensor 'w': data file 2", {{{"w", stray}}});
}

TEST(BundleFaults, TheSameBytesUnderTwoKeysAreFine) {
  BundleEntry elsewhere = entry_of({2}, {4, 8});
  elsewhere.shard = 1;
  const Rows rows{{{"a", entry_of({2}, {0, 8})},
                   {"b", entry_of({2}, {0, 8})},
                   {"c", elsewhere},
                   {"e", entry_of({0}, {3, 0})}}};
  const Bundle bundle = rows.bundle();
  BundleReader reader = bundle.open();
  for (const char* key : {"a", "b", "c", "e"}) EXPECT_NO_THROW(reader.check(key)) << key;
}

TEST(BundleFaults, RefusedValues) {
  const std::int64_t huge = std::int64_t{1} << 60;
  BundleEntry wrong = entry_of({0}, {0, 0});
  wrong.crc = 1;
  BundleEntry variant{DType::variant, Shape(), 0, {0, 10}, 0, {}};
  BundleEntry strings{DType::string, Shape({huge}), 0, {0, 20}, 0, {}};
  const std::vector<std::tuple<BundleEntry, ErrorKind, std::string>> table = {
      {entry_of({4}, {60, 16}), ErrorKind::malformed, "m.data-0: 16 bytes at byte 60 (expected at most 64"},
      {entry_of({huge}, {0, 4ull * huge}), ErrorKind::malformed, "at byte 0"},
      {entry_of({1}, {INT64_MAX, 4}), ErrorKind::malformed, "4 bytes at byte 9223372036854775807"},
      {wrong, ErrorKind::malformed, "an empty tensor with checksum 1"},
      {variant, ErrorKind::unsupported, "a tensor of dtype variant"},
      {strings, ErrorKind::malformed, "strings in 20 bytes"},
  };
  for (const auto& [entry, kind, part] : table) {
    SCOPED_TRACE(part);
    const Bundle bundle = Rows{{{"w", entry}}}.bundle();
    BundleReader reader = bundle.open();  // listing it is not refused
    expect_error(kind, part, [&] { reader.value("w"); });
    expect_error(kind, "tensor 'w': ", [&] { reader.check("w"); });
  }
}

TEST(BundleFaults, RefusedSlices) {
  const Slice top{{0, 1}};
  const Slice rest{{1, 3}};
  const auto whole = [](std::vector<Slice> slices, std::int64_t size = 4) {
    return entry_of({size}, {}, std::move(slices));
  };
  const std::string top_key = slice_key("w", top);
  const std::string rest_key = slice_key("w", rest);
  BundleEntry other = entry_of({3}, {4, 12});
  other.dtype = DType::int32;
  const std::vector<std::pair<Rows, std::string>> table = {
      {{{{"w", whole({top})}, {top_key, entry_of({1}, {0, 4})}}}, "3 elements of [4] are in no slice"},
      {{{{"w", whole({top, rest})}, {top_key, entry_of({1}, {0, 4})}}},
       "the slice [1:4] is not in the index"},
      {{{{"w", whole({top, top, rest})}}}, "hold more than the [4]"},
      {{{{"w", whole({top, top, rest}, 5)}}}, "the slices [0:1] and [0:1] overlap"},
      {{{{"w", whole({top, {{2, 3}}})}}}, "the slice [2:5] does not fit into [4]"},
      {{{{"w", whole({top, {{1, INT64_MAX}}})}}}, "does not fit into [4]"},
      {{{{"w", whole({top, {{1, 3}, {0, 1}}})}}}, "does not fit into [4]"},
      {{{{"w", whole({top, rest})}, {top_key, entry_of({1}, {0, 4})}, {rest_key, entry_of({2}, {4, 8})}}},
       "the slice [1:4] is stored as float32 of shape [2]"},
      {{{{"w", whole({top, rest})}, {top_key, entry_of({1}, {0, 4})}, {rest_key, other}}},
       "the slice [1:4] is stored as int32 of shape [3]"},
      {{{{"w", whole({top, rest})},
         {top_key, entry_of({1}, {0, 4})},
         {rest_key, entry_of({3}, {}, {{{0, 3}}})}}},
       "itself in slices"},
  };
  for (const auto& [rows, part] : table) {
    SCOPED_TRACE(part);
    const Bundle bundle = rows.bundle();
    BundleReader reader = bundle.open();
    EXPECT_NE(reader.find("w"), nullptr);
    expect_error(ErrorKind::malformed, part, [&, reading = &reader] { reading->value("w"); });
    expect_error(ErrorKind::malformed, "tensor 'w': ", [&, reading = &reader] { reading->check("w"); });
  }
}

// Whatever the entries say, under right checksums: an error or the tensors that they describe.
TEST(BundleFaults, ChangedEntries) {
  const Bundle sound = small_bundle();
  std::vector<std::pair<std::string, std::string>> rows;
  TableReader(memory_source(sound.index)).for_each([&](Bytes key, Bytes value) {
    rows.emplace_back(key, value);
  });
  std::uint32_t state = 3;
  const auto random = [&](std::size_t below) {
    return (state = state * 1664525 + 1013904223) / 65536 % below;
  };
  int errors = 0;
  for (int round = 0; round < 5000; ++round) {
    auto changed = rows;
    std::string& value = changed[random(rows.size())].second;
    for (std::size_t i = 0; i <= random(2); ++i) value[random(value.size())] = static_cast<char>(random(256));
    try {
      everything({index_of(changed), sound.data});
    } catch (const Error& error) {
      ASSERT_NE(error.kind(), ErrorKind::bug) << error.what();
      ++errors;
    }
  }
  EXPECT_GT(errors, 4000);
}

TEST(BundleFaults, WholeDimensionsNeedNotSayTheirLength) {
  const std::vector<Slice> slices{{{0, 1}, {0, kWholeDimension}}, {{1, 1}, {0, kWholeDimension}}};
  const Rows rows{{{"w", entry_of({2, 3}, {}, slices)},
                   {slice_key("w", slices[0]), entry_of({1, 3}, {0, 12})},
                   {slice_key("w", slices[1]), entry_of({1, 3}, {12, 12})}}};
  const Bundle bundle = rows.bundle();
  BundleReader reader = bundle.open();
  EXPECT_EQ(reader.tensors().size(), 1u);
  EXPECT_NO_THROW(reader.check("w"));
}

}  // namespace
}  // namespace thaw::internal
