#include "target/list_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/throws_error.h"

namespace thaw::internal {
namespace {

std::string lines_of(const std::vector<Slot>& slots) {
  std::string lines;
  for (const Slot& slot : slots)
    lines += slot.name + " " + std::string(name_of(slot.dtype)) + " " + slot.shape.to_string() + "\n";
  return lines;
}

TEST(ListTarget, ReadsLines) {
  EXPECT_EQ(lines_of(list_slots("# mine\n"
                                "a/b:0 float32 [2,3]\n"
                                "\n"
                                "  c\tint64 []   # a scalar\r\n"
                                "d float16 (4, )\n"
                                "e float32 (None, ?, -1, 7)\n"
                                "f float32 <unknown>")),
            "a/b float32 [2,3]\nc int64 []\nd float16 [4]\ne float32 [?,?,?,7]\nf float32 <unknown>\n");
}

TEST(ListTarget, NamesTheLineThatIsNone) {
  for (const char* line : {"a", "a float32", "a float99 [2]", "a float32 2,3", "a float32 [2",
                           "a float32 [x]", "a float32 [-3]", "a float32 [2] more"}) {
    EXPECT_THAT([&] { list_slots(std::string("ok float32 [1]\n") + line); },
                throws_error(ErrorKind::malformed, "line 2"))
        << line;
  }
}

TEST(ListTarget, IsToldFromOtherFiles) {
  EXPECT_TRUE(looks_like_list("# names\nw float32 [2]\n"));
  EXPECT_TRUE(looks_like_list("{\"schema\": \"thaw.thaw/1\"}"));
  EXPECT_FALSE(looks_like_list(""));
  EXPECT_FALSE(looks_like_list("node { name: \"a\" }"));
  EXPECT_FALSE(looks_like_list(std::string("\x0a\x05\x00w", 4)));
}

TEST(ListTarget, ReadsReports) {
  EXPECT_EQ(
      lines_of(list_slots(R"({"variables": [{"name": "v", "key": "k", "dtype": "float32", "shape": [2]}]})")),
      "k float32 [2]\n");
  EXPECT_EQ(lines_of(list_slots(R"({"entries": [{"key": "k", "dtype": "int32", "shape": [null, 3]}]})")),
            "k int32 [?,3]\n");
}

TEST(ListTarget, RefusesOtherJson) {
  for (const char* text : {"{", "{\"a\": 1}", "{\"variables\": 3}", "{\"variables\": [3]}",
                           "{\"variables\": [{\"name\": \"v\"}]}",
                           R"({"variables": [{"name": "v", "dtype": "float32", "shape": [-1]}]})",
                           R"({"variables": [{"name": "v", "dtype": "float32", "shape": "[2]"}]})",
                           R"({"variables": [{"name": 5, "dtype": "float32", "shape": [2]}]})"}) {
    EXPECT_THAT([&] { list_slots(text); },
                testing::Throws<Error>(testing::Property("kind", &Error::kind, ErrorKind::malformed)))
        << text;
  }
}

}  // namespace
}  // namespace thaw::internal
