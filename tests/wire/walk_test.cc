#include "wire/walk.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "support/hostile_bytes.h"
#include "support/throws_error.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

using namespace std::string_literals;

// "1:varint=5 2:bytes=abc": every field of a message.
std::string fields_of(const Source& source, Range range) {
  Window window(source, range);
  Walk walk(window);
  std::string text;
  for (Field field; walk.next(field);) {
    text += (text.empty() ? "" : " ") + std::to_string(field.number);
    if (field.type == WireType::length_delimited) {
      Window payload(source, field.payload);
      text += "=" + read_payload(payload, field.payload, 1000);
    } else {
      text += ":" + std::to_string(static_cast<int>(field.type)) + "=" + std::to_string(field.scalar);
    }
    EXPECT_LE(field.end(window), range.at + range.size);
  }
  return text;
}

std::string fields_of(const std::string& bytes) {
  const SourcePtr source = exact_source(bytes);
  return fields_of(*source, {0, bytes.size()});
}

struct Taken {
  std::string bytes;
  std::string fields;
};

TEST(Walk, TakesWhatProtobufTakes) {
  const Taken cases[] = {
      {"", ""},
      {"\x08\x05"s, "1:0=5"},
      {"\x08\x80\x01"s, "1:0=128"},
      {"\x08\x80\x80\x00"s, "1:0=0"},  // longer than it need be
      {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s, "1:0=18446744073709551615"},
      {"\x12\x03"
       "abc"s,
       "2=abc"},
      {"\x12\x00"s, "2="},
      {"\x0d\x01\x02\x03\x04"s, "1:5=67305985"},
      {"\x09\x01\x00\x00\x00\x00\x00\x00\x80"s, "1:1=9223372036854775809"},
      {"\x08\x01\x12\x01"
       "a"
       "\x08\x02"s,
       "1:0=1 2=a 1:0=2"},
      {"\xf8\xff\xff\xff\x0f\x01"s, "536870911:0=1"},
  };
  for (const Taken& taken : cases)
    EXPECT_EQ(fields_of(taken.bytes), taken.fields) << testing::PrintToString(taken.bytes);
}

struct Refused {
  const char* what;
  std::string bytes;
  std::string message;
};

class BrokenMessages : public testing::TestWithParam<Refused> {};

TEST_P(BrokenMessages, AreRefusedWithTheByteTheyBreakAt) {
  EXPECT_THAT([&] { fields_of(GetParam().bytes); }, throws_error(ErrorKind::malformed, GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Walk, BrokenMessages,
    testing::Values(Refused{"TagCut", "\x08\x01\x80"s, "cut off at byte 2"},
                    Refused{"NumberCut", "\x08\x80"s, "cut off at byte 1"},
                    Refused{"NumberAbsent", "\x08"s, "cut off at byte 1"},
                    Refused{"ElevenBytes", "\x08" + std::string(10, '\x80') + "\x01",
                            "more than ten bytes at byte 1"},
                    Refused{"FieldZero", "\x00\x01"s, "field number 0 at byte 0"},
                    Refused{"FieldTooLarge", "\x80\x80\x80\x80\x10\x01"s, "field number 536870912 at byte 0"},
                    Refused{"GroupStart", "\x08\x01\x0b"s, "wire type 3 at byte 2"},
                    Refused{"GroupEnd", "\x0c"s, "wire type 4 at byte 0"},
                    Refused{"Type6", "\x0e"s, "wire type 6"}, Refused{"Type7", "\x0f"s, "wire type 7"},
                    Refused{"Fixed32Cut", "\x0d\x01\x02\x03"s, "cut off at byte 1"},
                    Refused{"Fixed64Cut", "\x09\x01\x02\x03\x04\x05\x06\x07"s, "cut off at byte 1"},
                    Refused{"LengthCut", "\x12\x80"s, "cut off at byte 1"},
                    Refused{"LengthAbsent", "\x12"s, "cut off at byte 1"},
                    Refused{"OneByteTooMany",
                            "\x12\x04"
                            "abc"s,
                            "a field of 4 bytes passes the end of what holds it at byte 0"},
                    Refused{"LengthOf64Bits", "\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s,
                            "18446744073709551615 bytes"},
                    Refused{"SecondField", "\x08\x01\x12\x01"s, "at byte 2 (expected at most 0 bytes)"}),
    [](const auto& tested) { return tested.param.what; });

TEST(Walk, StaysInsideTheMessageItWasGiven) {
  const std::string inner = "\x08\x01\x12\x02";  // the second field would need two bytes more
  const std::string outer = "\x0a\x04" + inner + "ab";
  const SourcePtr source = exact_source(outer);
  EXPECT_THAT([&] { fields_of(*source, {2, 4}); }, throws_error(ErrorKind::malformed, "at byte 4"));
  EXPECT_EQ(fields_of(*source, {2, 2}), "1:0=1");
}

TEST(Walk, SharesAWindowWithTheWalksInside) {
  std::string inner, outer;
  MessageWriter(inner).varint(1, 7).bytes(2, std::string(100000, 'x')).varint(3, 8);
  MessageWriter(outer).bytes(1, inner).varint(2, 9).bytes(1, inner);
  const SourcePtr source = exact_source(outer);
  Window window(*source, {0, outer.size()});
  Walk walk(window);
  std::string seen;
  for (Field field; walk.next(field);) {
    seen += std::to_string(field.number) + " ";
    if (!field.is_bytes(1)) continue;
    Walk below(window, field.payload);
    for (Field part; below.next(part);)
      seen += std::to_string(part.number) + (part.type == WireType::varint ? "v " : "b ");
  }
  EXPECT_EQ(seen, "1 1v 2b 3v 2 1 1v 2b 3v ");
}

TEST(Walk, LimitsWhatItHoldsInMemory) {
  const std::string bytes =
      "\x12\x05"
      "abcde";
  Window window{Bytes(bytes)};
  EXPECT_EQ(read_payload(window, {2, 5}, 5), "abcde");
  EXPECT_THAT([&] { read_payload(window, {2, 5}, 4); }, throws_error(ErrorKind::malformed, "5 bytes"));
}

TEST(Walk, ReadsBackWhateverIsWritten) {
  EXPECT_TRUE(rc::check([](const std::vector<std::tuple<std::uint16_t, std::uint8_t, std::uint64_t>>& given,
                           const std::string& text) {
    std::string bytes;
    std::vector<std::string> expected;
    for (const auto& [low, kind, value] : given) {
      const std::uint32_t number = low + 1u;
      MessageWriter writer(bytes);
      if (kind % 3 == 0) writer.varint(number, value);
      if (kind % 3 == 1) writer.fixed32(number, static_cast<std::uint32_t>(value));
      if (kind % 3 == 2) writer.bytes(number, text.substr(value % (text.size() + 1)));
      const std::string shown = kind % 3 == 0 ? ":0=" + std::to_string(value)
                                              : ":5=" + std::to_string(static_cast<std::uint32_t>(value));
      expected.push_back(std::to_string(number) +
                         (kind % 3 == 2 ? "=" + text.substr(value % (text.size() + 1)) : shown));
    }
    std::string all;
    for (const std::string& field : expected) all += (all.empty() ? "" : " ") + field;
    RC_ASSERT(fields_of(bytes) == all);
    const std::string short_enough = bytes.substr(0, 400);  // a sweep of n bytes reads n * n / 2
    RC_ASSERT(sweep_beginnings(short_enough, [](const SourcePtr& source) {
                fields_of(*source, {0, source->size()});
              }) == "");
  }));
}

TEST(MessageWriter, SizesNumbersAsItWritesThem) {
  for (int bits = 0; bits < 64; ++bits) {
    for (const std::uint64_t value : {(std::uint64_t{1} << bits) - 1, std::uint64_t{1} << bits}) {
      std::string bytes;
      append_varint(bytes, value);
      EXPECT_EQ(varint_size(value), bytes.size()) << value;
    }
  }
}

TEST(MessageWriter, WritesTheBytesOfTheFormat) {
  std::string bytes;
  MessageWriter(bytes).integer(1, -1).boolean(2, true).real(6, 10000.0F).bytes(5, "a").fixed32(3, 0x04030201);
  EXPECT_EQ(bytes,
            "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x10\x01\x35\x00\x40\x1c\x46\x2a\x01"
            "a\x1d\x01\x02\x03\x04"s);
}

}  // namespace
}  // namespace thaw::internal
