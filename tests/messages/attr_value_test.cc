#include "messages/attr_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hostile_bytes.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

TEST(AttrValue, IsWrittenAsTensorFlowWritesIt) {
  EXPECT_EQ(attr_of_string("ab"),
            "\x12\x02"
            "ab");
  EXPECT_EQ(attr_of_string(""), "\x12\x00"s);
  EXPECT_EQ(attr_of_int(0), "\x18\x00"s);
  EXPECT_EQ(attr_of_int(-1), "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  EXPECT_EQ(attr_of_bool(false), "\x28\x00"s);
  EXPECT_EQ(attr_of_type(DType::float32), "\x30\x01");
  EXPECT_EQ(attr_of_shape("\x18\x01"), "\x3a\x02\x18\x01");
  EXPECT_EQ(attr_of_tensor("\x08\x01"), "\x42\x02\x08\x01");
  EXPECT_EQ(attr_of_strings({"loc:@w"}), "\x0a\x08\x12\x06loc:@w");
  EXPECT_EQ(attr_of_strings({}), "\x0a\x00"s);
  EXPECT_EQ(attr_of_types({DType::float32, DType::int64}), "\x0a\x04\x32\x02\x01\x09");
}

TEST(AttrValue, GivesBackWhatWasWritten) {
  EXPECT_EQ(attr_as_type(attr_of_type(DType::bfloat16)), DType::bfloat16);
  EXPECT_EQ(attr_as_int(attr_of_int(INT64_MIN)), INT64_MIN);
  EXPECT_EQ(attr_as_bool(attr_of_bool(true)), true);
  EXPECT_EQ(attr_as_bool(attr_of_bool(false)), false);
  EXPECT_EQ(attr_as_string(attr_of_string("\0x"s)), "\0x"s);
  EXPECT_EQ(attr_as_string(attr_of_string("")), "");
  EXPECT_THAT(attr_as_strings(attr_of_strings({"a", "", "b"})), ElementsAreArray({"a", "", "b"}));
  EXPECT_THAT(attr_as_types(attr_of_types({DType::int8, DType::string})),
              ElementsAre(DType::int8, DType::string));
}

TEST(AttrValue, GivesNothingForAnotherKind) {
  const std::string all[] = {"",
                             attr_of_string("s"),
                             attr_of_int(1),
                             attr_of_bool(true),
                             attr_of_type(DType::int8),
                             attr_of_shape(""),
                             attr_of_tensor(""),
                             "\x25\0\0\x80\x3f"s,
                             "\x52\x03\x0a\x01"
                             "f",
                             attr_of_strings({"a"})};
  const auto kinds_of = [&](const auto& reads) {
    std::string found;
    for (std::size_t i = 0; i < std::size(all); ++i) found += reads(all[i]) ? std::to_string(i) : "";
    return found;
  };
  EXPECT_EQ(kinds_of([](Bytes attr) { return attr_as_string(attr).has_value(); }), "1");
  EXPECT_EQ(kinds_of([](Bytes attr) { return attr_as_int(attr).has_value(); }), "2");
  EXPECT_EQ(kinds_of([](Bytes attr) { return attr_as_bool(attr).has_value(); }), "3");
  EXPECT_EQ(kinds_of([](Bytes attr) { return attr_as_type(attr).has_value(); }), "4");
  EXPECT_EQ(kinds_of([](Bytes attr) { return attr_as_function(attr).has_value(); }), "8");
  EXPECT_EQ(kinds_of([](Bytes attr) { return !attr_as_strings(attr).empty(); }), "9");
  EXPECT_EQ(kinds_of([](Bytes attr) { return !attr_as_ints(attr).empty() || !attr_as_types(attr).empty(); }),
            "");
  for (std::size_t i = 0; i < std::size(all); ++i)
    EXPECT_EQ(view_attr(all[i]).kind == AttrKind::unset, i == 0) << i;
}

TEST(AttrValue, TakesWhatProtobufTakes) {
  EXPECT_EQ(attr_as_int("\x18\x01\x18\x05"), 5);      // the last one counts
  EXPECT_EQ(attr_as_bool("\x18\x01\x28\x01"), true);  // of a oneof as well
  EXPECT_EQ(attr_as_int("\x18\x01\x28\x01"), std::nullopt);
  EXPECT_EQ(attr_as_int("\x18\x05\xa0\x06\x01"), 5);  // field 100 is unknown
  EXPECT_EQ(attr_as_type("\x30\x65"), std::nullopt);  // a reference type
  EXPECT_THAT(attr_as_ints("\x0a\x06\x18\x01\x1a\x02\x02\x03"s),
              ElementsAre(1, 2, 3));  // unpacked and packed
  EXPECT_THAT(attr_as_types("\x0a\x04\x30\x01\x30\x65"), ElementsAre(DType::float32, DType::invalid));
  EXPECT_THAT(attr_as_ints("\x0a\x00"s), IsEmpty());
  EXPECT_EQ(attr_as_function("\x52\x00"s), "");
}

// protobuf would merge them: what is read here is either all of it or nothing.
TEST(AttrValue, RefusesOneMessageInTwoParts) {
  const std::string tensor = attr_of_tensor("\x08\x01"), other = attr_of_int(3);
  EXPECT_THAT([&] { view_attr(tensor + tensor); }, throws_error(ErrorKind::malformed, "two parts"));
  EXPECT_EQ(view_attr(other + tensor).kind, AttrKind::tensor);
  EXPECT_EQ(view_attr(other + other).scalar, 3u);
}

TEST(AttrValue, JoinsAListInParts) {
  const std::string texts = attr_of_strings({"a", "b"}), types = attr_of_types({DType::float32});
  EXPECT_THAT(attr_as_strings(texts + attr_of_int(1) + texts + texts),
              ElementsAreArray({"a", "b", "a", "b"}));
  EXPECT_THAT(attr_as_types(types + types), ElementsAre(DType::float32, DType::float32));
  EXPECT_THAT(attr_as_ints("\x0a\x02\x18\x01\x0a\x02\x18\x02"s), ElementsAre(1, 2));
  EXPECT_THAT(attr_as_strings(texts + attr_of_int(1)), IsEmpty());
}

TEST(AttrValue, RefusesBrokenOnesWithoutReadingBehindThem) {
  const std::string broken[] = {
      "\x12\x05"
      "ab",
      "\x18\x80", "\x25\x01", "\x0b", "\x30"};
  for (const std::string& attr : broken) {
    const ExactBytes block{attr};
    EXPECT_THAT([&] { view_attr(block.bytes()); }, throws_error(ErrorKind::malformed, "byte"))
        << testing::PrintToString(attr);
  }
  const std::string lists[] = {"\x0a\x02\x12\x05", "\x0a\x02\x1a\x01", "\x0a\x03\x1a\x01\x80"};
  for (const std::string& attr : lists) {
    const ExactBytes block{attr};
    EXPECT_THAT([&] { attr_as_ints(block.bytes()); }, throws_error(ErrorKind::malformed, "byte"))
        << testing::PrintToString(attr);
  }
}

}  // namespace
}  // namespace thaw::internal
