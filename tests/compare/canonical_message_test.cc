#include "compare/canonical_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "messages/schema_tables.h"
#include "tensor/tensor_proto.h"
#include "thaw/error.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

std::string field(std::uint32_t number, const std::string& payload) {
  std::string out;
  MessageWriter(out).bytes(number, payload);
  return out;
}

std::string number(std::uint32_t at, std::uint64_t value) {
  std::string out;
  MessageWriter(out).varint(at, value);
  return out;
}

std::string packed(const std::vector<std::uint64_t>& values) {
  std::string out;
  for (const std::uint64_t value : values) append_varint(out, value);
  return out;
}

std::string attr(const std::string& message, const FunctionNames& names = {}) {
  return canonical_message(message, schema::kAttrValue, names);
}

TEST(CanonicalMessage, ListsPackedOrNot) {
  const std::string one = field(1, field(3, packed({1, 2, 300})));
  const std::string other = field(1, number(3, 1) + field(3, packed({2})) + number(3, 300));
  EXPECT_EQ(attr(one), attr(other));
  EXPECT_NE(attr(one), attr(field(1, field(3, packed({2, 1, 300})))));
  EXPECT_NE(attr(one), attr(field(1, field(6, packed({1, 2, 300})))));
}

TEST(CanonicalMessage, ZerosInListsCount) {
  EXPECT_NE(attr(field(1, field(3, packed({0, 0})))), attr(field(1, field(3, packed({0})))));
}

TEST(CanonicalMessage, OfAChoiceTheLastOneCounts) {
  EXPECT_EQ(attr(number(3, 7) + field(2, "text")), attr(field(2, "text")));
  EXPECT_NE(attr(number(3, 0)), attr(""));  // zero, and nothing at all
  EXPECT_NE(attr(number(3, 0)), attr(number(5, 0)));
  EXPECT_EQ(attr(field(1, "")), attr(field(1, "") + field(1, "")));
}

TEST(CanonicalMessage, OrderAndDefaultsOfFields) {
  const auto versions = [](const std::string& message) {
    return canonical_message(message, schema::kVersionDef);
  };
  EXPECT_EQ(versions(number(2, 12) + number(1, 24)), versions(number(1, 24) + number(2, 12)));
  EXPECT_EQ(versions(number(1, 24) + number(2, 0)), versions(number(1, 24)));
  EXPECT_EQ(versions(number(1, 1) + number(1, 24)), versions(number(1, 24)));
  // An int32 that was written with all 64 bits of a negative number, or only 32 of them.
  EXPECT_EQ(versions(number(1, 0xFFFFFFFF)), versions(number(1, 0xFFFFFFFFFFFFFFFF)));
}

TEST(CanonicalMessage, SinglesThatStandTwiceAreMerged) {
  const std::string whole = field(7, field(2, number(1, 2)) + field(2, number(1, 3)));
  EXPECT_EQ(attr(field(7, field(2, number(1, 2))) + field(7, field(2, number(1, 3)))), attr(whole));
}

TEST(CanonicalMessage, MapsByKey) {
  const auto func = [](const std::string& entries) { return attr(field(10, field(1, "f") + entries)); };
  const auto entry = [](const std::string& key, std::uint64_t value) {
    return field(2, field(1, key) + field(2, number(3, value)));
  };
  EXPECT_EQ(func(entry("a", 1) + entry("b", 2)), func(entry("b", 2) + entry("a", 1)));
  EXPECT_EQ(func(entry("a", 9) + entry("a", 1)), func(entry("a", 1)));
  EXPECT_NE(func(entry("a", 1)), func(entry("a", 2)));
}

TEST(CanonicalMessage, NamesOfFunctionsAreReplaced) {
  const FunctionNames names = [](Bytes name) { return name == "f" ? "g" : std::string(name); };
  EXPECT_EQ(attr(field(10, field(1, "f")), names), attr(field(10, field(1, "g"))));
  EXPECT_EQ(attr(field(1, field(9, field(1, "f"))), names), attr(field(1, field(9, field(1, "g")))));
  EXPECT_EQ(attr(field(2, "f"), names), attr(field(2, "f")));  // a string is no function
}

TEST(CanonicalMessage, TensorsWhateverTheirEncoding) {
  const std::string shape = field(2, field(2, number(1, 3)));
  const std::string splat = number(1, 3) + shape + number(7, 5);
  const std::string list = number(1, 3) + shape + field(7, packed({5, 5, 5}));
  const std::string content = number(1, 3) + shape + field(4, std::string("\5\0\0\0\5\0\0\0\5\0\0\0", 12));
  EXPECT_EQ(attr(field(8, splat)), attr(field(8, list)));
  EXPECT_EQ(attr(field(8, splat)), attr(field(8, content)));
  EXPECT_EQ(attr(field(1, field(8, splat))), attr(field(1, field(8, content))));
  EXPECT_NE(attr(field(8, splat)), attr(field(8, number(1, 3) + shape + number(7, 6))));
  EXPECT_NE(attr(field(8, splat)), attr(field(8, number(1, 9) + shape + number(10, 5))));
}

TEST(CanonicalMessage, UnknownFieldsFollow) {
  EXPECT_NE(attr(number(3, 1) + field(77, "x")), attr(number(3, 1)));
  EXPECT_EQ(attr(field(77, "x") + number(3, 1)), attr(number(3, 1) + field(77, "x")));
  EXPECT_NE(attr(field(3, "no number")), attr(number(3, 1)));
}

TEST(CanonicalMessage, DeepNestingEnds) {
  std::string message = number(3, 1);
  for (int i = 0; i < 2000; ++i) message = field(10, field(2, field(1, "a") + field(2, message)));
  EXPECT_EQ(attr(message), attr(message));
}

// Every beginning is a message or malformed, never anything else.
TEST(CanonicalMessage, CutAnywhere) {
  const std::string shape = field(2, field(2, number(1, 3)));
  const std::string whole = field(1, field(3, packed({1, 2, 300})) + field(2, "text") +
                                         field(8, number(1, 3) + shape + field(7, packed({5, 6}))) +
                                         field(4, std::string(8, 'x')) + field(9, field(1, "f"))) +
                            field(10, field(1, "g"));
  std::size_t refused = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    try {
      attr(whole.substr(0, size));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::malformed) << size;
      ++refused;
    }
  }
  EXPECT_GT(refused, whole.size() / 2);
}

}  // namespace
}  // namespace thaw::internal
