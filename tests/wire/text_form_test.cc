#include "wire/text_form.h"

#include "wire/text_kinds.h"

namespace thaw::internal {
namespace {

using namespace kinds;

TEST(TextForm, ReadsWhatProtobufReads) {
  const char* const texts[] = {
      "",
      "  # nothing but a comment",
      "flag: true",
      "flag: t flags: f flags: True flags: False flags: 1 flags: 0 flags: 0x1",
      "small: -2147483648 smalls: [2147483647, -0, 0x7F, 017, -017, -0x10]",
      "large: -9223372036854775808 larges: 9223372036854775807 larges: 0",
      "count: 4294967295 counts: [0, 1, 0xffffffff]",
      "total: 18446744073709551615 totals: 01777777777777777777777",
      "offset: -9223372036854775808 offsets: [1, -1, 9223372036854775807]",
      "id: 18446744073709551615 ids: [0, 7]",
      "ratio: 1.5 ratios: [1, -1, .5, 1., 1e3, 1E-3, 1e+3, 2.5f, 3F, 7f, 0, -0, 0.1, 16777217, 3.4028235e38]",
      "ratios: [inf, -inf, nan, infinity, -Infinity, NaN, INF, 1e39, -1e39, 1e-50, 1.4e-45]",
      "share: 1e308 shares: [1e400, -1e400, 1e-400, -1e-400, 5e-324, 0.1, 18446744073709551616, inf, -inf, "
      "nan]",
      "shares: [0e999, 0.0e99999999999999999999, 1e99999999999999999999, 1e-99999999999999999999]",
      "small: - 1 ratio: - # the sign stands alone\n 2.5",
      "name: \"a\" names: 'it\\'s' names: \"\" names: 'say \"x\"'",
      "name: \"one \" 'two ' # and\n \"three\"",
      R"(raw: "\a\b\f\n\r\t\v\\\'\"\?" raws: "\0\1\12\123\377\x1\xfF\x7g" raws: "\0018")",
      R"(names: "\u00e9\u20AC\ud83d\ude00\U0001F600\U0010ffff")",
      "name: \"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"",
      "raw: \"\xFF\xFE\x80\"",
      "color: DARK_BLUE colors: [RED, 7, 1, GREEN] colors: 12345 colors: -1",
      "inner { small: 1 inner { small: 2 } }",
      "inner < small: 1 inner: < small: 2 > > third: { flag: true }",
      "inners { } inners {small: 1}, inners: {small: 2}; inners [ {small: 3}, <small: 4> ] inners: [] "
      "smalls: []",
      "inners: [ { inners: [ { small: 1 }, {} ] }, { smalls: [1] smalls: 2 } ] smalls: 3",
      "smalls: 1 larges: 2 smalls: 3 inner { smalls: 4 } smalls: 5",
      "small: 1, large: 2; count: 3",
      "sizes { key: \"a\" value: 1 } sizes: { value: 2 key: \"b\" } sizes { } sizes { key: \"a\" value: 3 }",
      "sizes: [ { key: \"x\" value: 9 }, { key: \"y\" } ]",
      "first: 0",
      "second: \"\"",
      "third {}",
      "small: 1# comment\r\nlarge:\t2\f\v\r\n",
      "names: [\"a\" 'b', \"c\"] raws: ['\\001']",
  };
  for (const std::string text : texts) {
    const std::optional<Kinds> expected = oracle_parse(text);
    ASSERT_TRUE(expected) << text;
    EXPECT_EQ(meaning(text), canonical(*expected)) << text;
  }
}

TEST(TextForm, TakesAByteOrderMarkAndExplainsUtf16) {
  EXPECT_EQ(text_to_wire("\xEF\xBB\xBFsmall: 1", kKinds), "\x10\x01");
  for (const Bytes text : {Bytes("\xFF\xFEs\0m\0", 6), Bytes("\xFE\xFF\0s\0m", 6)}) {
    const std::optional<Error> error = refusal(text);
    ASSERT_TRUE(error);
    EXPECT_NE(error->hint().find("UTF-8"), std::string::npos);
  }
}

TEST(TextForm, PacksRunsAndKeepsTheOrder) {
  EXPECT_EQ(text_to_wire("smalls: 1 smalls: [2, 3] large: 4 smalls: 5", kKinds),
            Bytes("\xB2\x01\x03\x01\x02\x03\x18\x04\xB2\x01\x01\x05"));
}

TEST(TextForm, WritesLengthsOfEverySize) {
  for (const std::size_t size :
       {1u, 125u, 126u, 127u, 128u, 129u, 16380u, 16383u, 16384u, 2097151u, 2097152u}) {
    const std::string body(size, 'x');
    const std::string text =
        "inner { small: 7 inner { name: '" + body + "' } } raws: '" + body + "' raws: 'y'";
    Kinds kinds;
    ASSERT_TRUE(kinds.ParseFromString(text_to_wire(text, kKinds))) << size;
    EXPECT_TRUE(kinds.inner().inner().name() == body) << size;
    EXPECT_EQ(kinds.inner().small(), 7);
    ASSERT_EQ(kinds.raws_size(), 2);
    EXPECT_TRUE(kinds.raws(0) == body) << size;
    EXPECT_TRUE(text_to_wire(text, kKinds) == canonical(kinds)) << size;
  }
}

TEST(TextForm, FindsTheFirstField) {
  struct Case {
    Bytes head, field;
  };
  const Case cases[] = {
      {"node {", "node"},
      {"node{", "node"},
      {"node: [ {", "node"},
      {"node [", "node"},
      {"node <", "node"},
      {"\xEF\xBB\xBF\r\n # x\n#y: 1\n graph_def # z\n {", "graph_def"},
      {"saved_model_schema_version: 1", "saved_model_schema_version"},
      {"node", ""},
      {"# only a comment", ""},
      {"", ""},
      {"version https://git-lfs.github.com/spec/v1", ""},
      {"<html>", ""},
      {"{\"node\": 1}", ""},
      {"9node {", ""},
      {Bytes("\x0A\x61\x0A\x3Ascope/scope/scope/scope/scope/scope/scope/scope/scope/scope\x12\x05"
             "Const",
             70),
       ""},
      {Bytes("node {\0", 7), ""},
  };
  for (const Case& c : cases) EXPECT_EQ(first_text_field(c.head), c.field) << c.head;
}

}  // namespace
}  // namespace thaw::internal
