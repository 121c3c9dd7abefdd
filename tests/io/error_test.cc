#include "thaw/error.h"

#include <gtest/gtest.h>

namespace thaw {
namespace {

struct Spelling {
  const char* what;
  std::string name;
  std::string shown;
};

class NamesInErrors : public testing::TestWithParam<Spelling> {};

TEST_P(NamesInErrors, CannotMoveACursorOrForgeALine) {
  EXPECT_EQ(escaped(GetParam().name), GetParam().shown);
}

using namespace std::string_literals;

INSTANTIATE_TEST_SUITE_P(
    Error, NamesInErrors,
    testing::Values(Spelling{"plain", "layer_1/weights:0", "layer_1/weights:0"},
                    Spelling{"line end", "a\nerror: b", "a\\x0aerror: b"},
                    Spelling{"escape", "\x1b[31m", "\\x1b[31m"}, Spelling{"zero", "a\0b"s, "a\\x00b"},
                    Spelling{"delete", "\x7f", "\\x7f"}, Spelling{"utf8", "caf\xC3\xA9", "caf\xC3\xA9"},
                    Spelling{"two_bytes_of_three", "\xE2\x82", "\\xe2\\x82"},
                    Spelling{"lone_continuation", "\x80", "\\x80"},
                    Spelling{"overlong", "\xC0\xAF", "\\xc0\\xaf"},
                    Spelling{"surrogate", "\xED\xA0\x80", "\\xed\\xa0\\x80"},
                    Spelling{"above_unicode", "\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
                    Spelling{"control of Latin 1",
                             "\xC2\x9B"
                             "31m",
                             "\\xc2\\x9b31m"},
                    Spelling{"override", "\xE2\x80\xAE", "\\xe2\\x80\\xae"},
                    Spelling{"mark", "\xE2\x80\x8F", "\\xe2\\x80\\x8f"},
                    Spelling{"isolate", "\xE2\x81\xA6", "\\xe2\\x81\\xa6"},
                    Spelling{"dash", "\xE2\x80\x94", "\xE2\x80\x94"},
                    Spelling{"four bytes", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
                    Spelling{"quotes stay", "it's", "it's"}, Spelling{"empty", "", ""}),
    [](const auto& tested) {
      std::string name = tested.param.what;
      for (char& c : name) c = c == ' ' ? '_' : c;
      return name;
    });

TEST(Error, QuotesAndCutsNames) {
  EXPECT_EQ(thaw::quoted("a b"), "'a b'");
  EXPECT_EQ(thaw::quoted("it's a \\"), "'it\\'s a \\\\'");
  EXPECT_EQ(thaw::quoted(std::string(200, 'n')), "'" + std::string(200, 'n') + "'");
  EXPECT_EQ(thaw::quoted(std::string(201, 'n')), "'" + std::string(200, 'n') + "...'");
  EXPECT_EQ(escaped(std::string(1000, 'n')).size(), 1000u);
}

TEST(Error, SaysWhereFromTheOutsideIn) {
  Error error(ErrorKind::malformed, "a tensor without a dtype", "TensorProto.dtype", "is it complete?");
  EXPECT_STREQ(error.what(), "a tensor without a dtype (expected TensorProto.dtype)");
  error.at("node 'a'").at("model.pb");
  EXPECT_STREQ(error.what(), "model.pb: node 'a': a tensor without a dtype (expected TensorProto.dtype)");
  EXPECT_EQ(error.places(), (std::vector<std::string>{"model.pb", "node 'a'"}));
  EXPECT_EQ(error.hint(), "is it complete?");
  const Error copy = error;
  EXPECT_STREQ(copy.what(), error.what());
  EXPECT_EQ(copy.kind(), ErrorKind::malformed);
  EXPECT_STREQ(Error(ErrorKind::bug, "x").what(), "x");
}

}  // namespace
}  // namespace thaw
