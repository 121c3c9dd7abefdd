#include "checkpoint/bundle_messages.h"

#include <rapidcheck/gtest.h>

#include "checkpoint/bundle_fixture.h"
#include "checkpoint/ordered_code.h"
#include "io/crc32c.h"

namespace thaw::internal {
namespace {

struct Row {
  DType dtype;
  std::vector<std::int64_t> dims;
  std::uint64_t offset;
  std::string data;
  std::string entry;
};

TEST(BundleMessages, Entries) {
  const std::vector<Row> table = {
      {DType::int64, {}, 0, "05 00 00 00 00 00 00 00", "08 09 12 00 28 08 35 ea b2 04 3e"},
      {DType::bfloat16, {2}, 0, "80 3f 00 c0", "08 0e 12 04 12 02 08 02 28 04 35 f2 f2 9e 92"},
      {DType::float16, {2}, 0, "00 3c 00 c0", "08 13 12 04 12 02 08 02 28 04 35 de 63 08 85"},
      {DType::boolean, {3}, 0, "01 00 01", "08 0a 12 04 12 02 08 03 28 03 35 75 59 91 06"},
      {DType::float32, {0, 3}, 24, "", "08 01 12 06 12 00 12 02 08 03 20 18 35 d8 ea 82 a2"},
      {DType::float32, {}, 0, "00 00 00 00", "08 01 12 00 28 04 35 a6 7b 11 3a"},
      {DType::float32, {}, 0, "00 00 00 3f", "08 01 12 00 28 04 35 06 38 27 1f"},
      {DType::float32, {}, 0, "00 00 40 40", "08 01 12 00 28 04 35 ef d6 82 c3"},
  };
  for (const Row& row : table) {
    const std::string data = from_hex(row.data);
    const BundleEntry entry{row.dtype, Shape(row.dims), 0, {row.offset, data.size()}, crc32c(data), {}};
    EXPECT_EQ(to_hex(encode_bundle_entry(entry)), row.entry);
    const BundleEntry back = decode_bundle_entry(from_hex(row.entry));
    EXPECT_EQ(back.dtype, row.dtype);
    EXPECT_EQ(back.shape, Shape(row.dims));
    EXPECT_EQ(back.range, (Range{row.offset, data.size()}));
    EXPECT_EQ(back.crc, crc32c(data));
  }
}

TEST(BundleMessages, SlicesOfAWholeTensor) {
  const BundleEntry entry{
      DType::float32, Shape({4, 2}), 0, {}, 0, {{{0, 2}, {0, 2}}, {{2, 2}, {0, kWholeDimension}}}};
  const std::string hex =
      "08 01 12 08 12 02 08 04 12 02 08 02 3a 08 0a 02 10 02 0a 02 10 02 3a 08 0a 04 08 02 10 02 0a 00";
  EXPECT_EQ(to_hex(encode_bundle_entry(entry)), hex);
  EXPECT_EQ(decode_bundle_entry(from_hex(hex)).slices, entry.slices);
}

// protobuf appends the dimensions of the second to those of the first.
TEST(BundleMessages, ShapesThatStandTwiceAreMerged) {
  const BundleEntry entry = decode_bundle_entry(from_hex("08 01 12 04 12 02 08 02 28 18 12 04 12 02 08 03"));
  EXPECT_EQ(entry.shape, Shape({2, 3}));
}

TEST(BundleMessages, Header) {
  EXPECT_EQ(to_hex(encode_bundle_header(1)), "08 01 1a 02 08 01");
  EXPECT_EQ(decode_bundle_header(from_hex("08 01 1a 02 08 01")), 1u);
  EXPECT_EQ(decode_bundle_header(encode_bundle_header(700)), 700u);
  EXPECT_EQ(decode_bundle_header(from_hex("08 02")), 2u);  // no version at all
}

TEST(BundleMessages, RefusedHeaders) {
  const std::vector<std::tuple<std::string, ErrorKind, std::string>> table = {
      {"", ErrorKind::malformed, "0 data files"},
      {"08 00", ErrorKind::malformed, "0 data files"},
      {"08 ff ff ff ff ff ff ff ff ff 01", ErrorKind::malformed, "-1 data files"},
      {"08 ff ff ff ff 07", ErrorKind::malformed, "2147483647 data files"},
      {"08 01 10 01", ErrorKind::unsupported, "big-endian"},
      {"08 01 10 07", ErrorKind::malformed, "byte order 7"},
      {"08 01 1a 04 08 02 10 02", ErrorKind::unsupported, "from version 2 on"},
      {"08 01 1a 02 18 01", ErrorKind::unsupported, "but not 1"},
      {"08 01 1a 04 1a 02 05 01", ErrorKind::unsupported, "but not 1"},
      {"08 01 1a 09 08 01", ErrorKind::malformed, "passes the end"},
      {"08", ErrorKind::malformed, "cut off"},
  };
  for (const auto& [hex, kind, part] : table) {
    expect_error(kind, part, [&] { decode_bundle_header(from_hex(hex)); });
  }
}

TEST(BundleMessages, RefusedEntries) {
  const std::vector<std::tuple<std::string, ErrorKind, std::string>> table = {
      {"", ErrorKind::malformed, "without a dtype"},
      {"08 00 12 00", ErrorKind::unsupported, "dtype number 0"},
      {"08 65 12 00", ErrorKind::unsupported, "dtype number 101"},
      {"08 63 12 00", ErrorKind::unsupported, "dtype number 99"},
      {"08 01 12 0d 12 0b 08 ff ff ff ff ff ff ff ff ff 01", ErrorKind::malformed, "[?]"},
      {"08 01 12 0d 12 0b 08 fe ff ff ff ff ff ff ff ff 01", ErrorKind::malformed, "-2"},
      {"08 01 12 02 18 01", ErrorKind::malformed, "<unknown>"},
      {"08 01 12 0e 12 05 08 ff ff ff 7f 12 05 08 ff ff ff 7f 20 ff ff ff ff ff ff ff ff ff 01",
       ErrorKind::malformed, "offset -1"},  // many elements, but not too many
      {"08 01 12 18 12 0a 08 ff ff ff ff ff ff ff ff 7f 12 0a 08 ff ff ff ff ff ff ff ff 7f",
       ErrorKind::malformed, "[9223372036854775807,9223372036854775807]"},
      {"08 01 12 00 20 ff ff ff ff ff ff ff ff ff 01", ErrorKind::malformed, "offset -1"},
      {"08 01 12 00 28 ff ff ff ff ff ff ff ff ff 01", ErrorKind::malformed, "size -1"},
      {"08 01 12 00 18 ff ff ff ff ff ff ff ff ff 01", ErrorKind::malformed, "shard -1"},
      {"08 01 12 04 12 02 08 04 3a 04 0a 02 08 02", ErrorKind::malformed, "length unknown"},
      {"08 01 12 04 12 02 08 04 3a 04 0a 02 10 00", ErrorKind::malformed, "length 0"},
      {"08 01 12 04 12 02", ErrorKind::malformed, "passes the end"},
  };
  for (const auto& [hex, kind, part] : table) {
    SCOPED_TRACE(hex);
    expect_error(kind, part, [&, bytes = from_hex(hex)] { decode_bundle_entry(bytes); });
  }
  std::string dims;
  for (int i = 0; i < 255; ++i) dims += from_hex("12 02 08 01");
  std::string message = from_hex("08 01 12 fc 07");
  expect_error(ErrorKind::malformed, "a tensor of shape [1,1,", [&] { decode_bundle_entry(message + dims); });
}

RC_GTEST_PROP(BundleMessages, DecodeNeverDoesMoreThanThrow, (const std::string& bytes)) {
  for (const auto& decode : {std::function<void()>([&] { decode_bundle_entry(bytes); }),
                             std::function<void()>([&] { decode_bundle_header(bytes); })}) {
    try {
      decode();
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace thaw::internal
