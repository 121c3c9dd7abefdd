#include "messages/node_def.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "messages/attr_value.h"
#include "support/hostile_bytes.h"
#include "support/throws_error.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

using namespace std::string_literals;
using testing::ElementsAreArray;

std::string entry(const std::string& key, const std::string& value) {
  std::string out;
  MessageWriter(out).bytes(1, key).bytes(2, value);
  return out;
}

std::string sample() {
  std::string message;
  MessageWriter(message)
      .bytes(1, "y")
      .bytes(2, "MatMul")
      .bytes(3, "x")
      .bytes(3, "w:1")
      .bytes(3, "^c")
      .bytes(4, "/device:CPU:0")
      .bytes(5, entry("T", attr_of_type(DType::float32)))
      .bytes(6, "debug")
      .varint(9, 5);
  return message;
}

TEST(NodeDef, IsTakenApart) {
  const NodeDef node = decode_node(sample());
  EXPECT_EQ(node.name, "y");
  EXPECT_EQ(node.op, "MatMul");
  EXPECT_THAT(node.inputs, ElementsAreArray({"x", "w:1", "^c"}));
  EXPECT_EQ(node.device, "/device:CPU:0");
  ASSERT_NE(node.find_attr("T"), nullptr);
  EXPECT_EQ(node.find_attr("T")->value.bytes(), attr_of_type(DType::float32));
  EXPECT_EQ(node.find_attr("t"), nullptr);
  EXPECT_EQ(node.unknown,
            "\x32\x05"
            "debug\x48\x05");
}

TEST(NodeDef, IsPutTogetherAgainByteForByte) {
  std::string field;
  MessageWriter(field).bytes(1, sample());
  EXPECT_EQ(encode_graph_node(decode_node(sample())).bytes(), field);
}

TEST(NodeDef, TakesFieldsAsProtobufDoes) {
  std::string message;
  MessageWriter(message)
      .bytes(5, entry("b", attr_of_int(1)))
      .bytes(3, "x")
      .bytes(2, "First")
      .varint(2, 7)  // of the wrong type: unknown
      .bytes(5, entry("a", attr_of_int(2)))
      .bytes(1, "early")
      .bytes(5, entry("b", attr_of_int(3)))
      .bytes(5,
             "\x0a\x01"
             "c")                    // no value
      .bytes(5, "\x12\x02\x18\x04")  // no key
      .bytes(2, "Last")
      .bytes(1, "late");
  const NodeDef node = decode_node(message);
  EXPECT_EQ(node.name, "late");
  EXPECT_EQ(node.op, "Last");
  EXPECT_THAT(node.inputs, ElementsAreArray({"x"}));
  ASSERT_EQ(node.attrs.size(), 4u);
  EXPECT_EQ(node.find_attr("b")->value.bytes(), attr_of_int(3));
  EXPECT_EQ(node.find_attr("c")->value.bytes(), "");
  EXPECT_EQ(node.find_attr("")->value.bytes(), attr_of_int(4));
  EXPECT_EQ(node.unknown, "\x10\x07");
}

TEST(NodeDef, ChangesItsAttributes) {
  NodeDef node;
  node.set_attr("a", attr_of_int(1));
  node.set_attr("b", attr_of_int(2));
  node.set_attr("a", attr_of_int(3));
  EXPECT_EQ(node.attrs.size(), 2u);
  EXPECT_EQ(node.find_attr("a")->value.bytes(), attr_of_int(3));
  node.drop_attr("a");
  node.drop_attr("absent");
  EXPECT_EQ(node.find_attr("a"), nullptr);
  EXPECT_EQ(node.attrs.size(), 1u);
}

TEST(NodeDef, HoldsLargeAttributesAsRecipes) {
  NodeDef node = decode_node(sample());
  Recipe value("\x42\x05");
  value.add(memory_source("0123456789"), {2, 5});
  node.set_attr("value", value);
  const Recipe field = encode_graph_node(node);
  EXPECT_EQ(field.size(), field.bytes().size());
  NodeDef plain = decode_node(sample());
  plain.set_attr("value",
                 "\x42\x05"
                 "23456"s);
  EXPECT_EQ(field.bytes(), encode_graph_node(plain).bytes());
}

TEST(NodeDef, EveryBeginningIsReadOrRefused) {
  const std::string whole = sample();
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const ExactBytes block{Bytes(whole).substr(0, size)};
    try {
      decode_node(block.bytes());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::malformed) << error.what();
    }
  }
}

struct Input {
  std::string text;
  std::string node;
  std::uint32_t output;
  bool control;
};

TEST(InputName, IsANodeAndItsOutput) {
  const Input cases[] = {
      {"a", "a", 0, false}, {"a:0", "a", 0, false},   {"a/b:12", "a/b", 12, false},
      {"^a", "a", 0, true}, {"^a:1", "a:1", 0, true}, {"", "", 0, false},
      {"^", "", 0, true},   {":3", "", 3, false},     {"a:2147483647", "a", 2147483647, false}};
  for (const Input& one : cases) {
    const InputName name = parse_input(one.text);
    EXPECT_EQ(name.node, one.node) << one.text;
    EXPECT_EQ(name.output, one.output) << one.text;
    EXPECT_EQ(name.is_control, one.control) << one.text;
  }
  for (const std::string broken :
       {"a:", "a:b", "a:-1", "a:1x", "a: 1", "a:2147483648", "a:99999999999999999999", "f:out:0x"}) {
    EXPECT_THAT([&] { parse_input(broken); }, throws_error(ErrorKind::malformed, "'" + broken + "'"));
  }
  EXPECT_EQ(format_input("a/b", 0), "a/b");
  EXPECT_EQ(format_input("a/b", 3), "a/b:3");
}

}  // namespace
}  // namespace thaw::internal
