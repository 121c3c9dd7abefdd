#include "wire/text_form.h"
#include "wire/text_kinds.h"

namespace thaw::internal {
namespace {

using namespace kinds;

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "inner{";
  return text + std::string(depth, '}');
}

struct Fault {
  std::string text, place, problem, expected;
};
const Fault kFaults[] = {
    {"smal: 1", "line 1:1", "unknown field 'smal'", "did you mean 'small'?"},
    {"inner {\n  nmae: \"x\"\n}", "line 2:3", "unknown field 'nmae'",
     "a field of Kinds (did you mean 'name'?)"},
    {"quite_another: 1", "line 1:1", "unknown field 'quite_another'", "a field of Kinds"},
    {"color: GREAN", "line 1:8", "unknown value 'GREAN'", "did you mean 'GREEN'?"},
    {"color: 2147483648", "line 1:8", "out of range", ""},
    {"color: 'RED'", "line 1:8", "found a string", "name or the number"},
    {"inner {\n small: 1\n", "line 3:1", "ends inside Kinds", "'}' for line 1:7"},
    {"small: 1 }", "line 1:10", "found '}'", "a field of Kinds"},
    {"inner { small: 1 >", "line 1:18", "found '>'", "'}' for line 1:7"},
    {"inner < small: 1 }", "line 1:18", "found '}'", "'>' for line 1:7"},
    {"inner 5", "line 1:7", "found '5'", "'{'"},
    {"inner: ", "line 1:8", "text ends", "'{'"},
    {"inner [ {} ]", "line 1:7", "found '['", "'{'"},
    {"small: 1 small: 2", "line 1:10", "'small' stands twice", "one at most"},
    {"inner {} inner {}", "line 1:10", "'inner' stands twice", "one at most"},
    {"sizes { key: 'a' key: 'b' }", "line 1:18", "'key' stands twice", "one at most"},
    {"first: 1 second: 'x'", "line 1:10", "'second' stands beside 'first'", "one of the two"},
    {"small 1", "line 1:7", "found '1'", "':'"},
    {"small: ", "line 1:8", "text ends", "a whole number"},
    {"small: true", "line 1:8", "found 'true'", "a whole number"},
    {"small: 2147483648", "line 1:8", "'2147483648' is out of range", "-2147483648 to 2147483647"},
    {"small: -2147483649", "line 1:9", "'-2147483649' is out of range", "-2147483648 to 2147483647"},
    {"large: 9223372036854775808", "line 1:8", "out of range", ""},
    {"offset: 9223372036854775808", "line 1:9", "out of range", ""},
    {"count: 4294967296", "line 1:8", "out of range", "0 to 4294967295"},
    {"count: -1", "line 1:8", "found '-'", "0 to 4294967295"},
    {"total: 18446744073709551616", "line 1:8", "out of range", ""},
    {"id: 0x1FFFFFFFFFFFFFFFF", "line 1:5", "out of range", ""},
    {"small: 08", "line 1:8", "found '08'", "a whole number"},
    {"small: 0x", "line 1:8", "found '0x'", "a whole number"},
    {"small: 1.0", "line 1:8", "found '1.0'", "a whole number"},
    {"small: 1x", "line 1:8", "found '1x'", "a whole number"},
    {"small: +1", "line 1:8", "the byte '+'", ""},
    {"small: --1", "line 1:9", "found '-'", "a whole number"},
    {"small: [1]", "line 1:8", "found '['", "a whole number"},
    {"smalls: [1 2]", "line 1:12", "found '2'", "']'"},
    {"smalls: [1,]", "line 1:12", "found ']'", "a whole number"},
    {"smalls: [", "line 1:10", "text ends", "a whole number"},
    {"smalls: [1", "line 1:11", "text ends", "']'"},
    {"inners: [{}", "line 1:12", "text ends", "']'"},
    {"inners: [{},]", "line 1:13", "found ']'", "'{'"},
    {"ratio: 0x1", "line 1:8", "found '0x1'", "a decimal number"},
    {"ratio: 01", "line 1:8", "found '01'", "a decimal number"},
    {"ratio: 1e", "line 1:8", "found '1e'", "a decimal number"},
    {"ratio: 1.2.3", "line 1:8", "found '1.2.3'", "a decimal number"},
    {"ratio: 1,5", "line 1:10", "found '5'", "a field of Kinds"},
    {"ratio: infinite", "line 1:8", "found 'infinite'", "a decimal number"},
    {"ratio: inff", "line 1:8", "found 'inff'", "a decimal number"},
    {"small:1large:2", "line 1:7", "found '1large'", "a whole number"},
    {"flag: 2", "line 1:7", "out of range", "true or false"},
    {"flag: yes", "line 1:7", "found 'yes'", "true or false"},
    {"flag: -1", "line 1:7", "found '-'", "true or false"},
    {"name: x", "line 1:7", "found 'x'", "a string"},
    {"name: \"abc", "line 1:7", "not closed on its line", "a closing \""},
    {"name: 'abc\nd'", "line 1:7", "not closed on its line", "a closing '"},
    {"name: 'abc\\", "line 1:7", "not closed on its line", "a closing '"},
    {"name: 'abc\\\n'", "line 1:11", "unknown escape", "an escape of C"},
    {"name: \"ab\\q\"", "line 1:10", "unknown escape", "an escape of C"},
    {"raw: \"\\400\"", "line 1:7", "no byte", "at most \\377"},
    {"raw: \"\\xg\"", "line 1:7", "too few digits", "1 hexadecimal"},
    {"name: \"\\u12\"", "line 1:8", "too few digits", "4 hexadecimal"},
    {"name: \"\\U00110000\"", "line 1:8", "no character", "10FFFF"},
    {"name: \"\\ud800\"", "line 1:8", "no character", "surrogates only in pairs"},
    {"name: \"\\ud83d\\u0041\"", "line 1:8", "no character", "surrogates only in pairs"},
    {"name: \"\\udc00\"", "line 1:8", "no character", "surrogates only in pairs"},
    {"name: \"a\" \"\xFF\"", "line 1:7", "not valid UTF-8", "UTF-8 in 'name'"},
    {"name: \"\\xC3\"", "line 1:7", "not valid UTF-8", ""},
    {"name: \"12345678\xC0\x80\"", "line 1:7", "not valid UTF-8", ""},
    {"name: \"\xED\xA0\x80\"", "line 1:7", "not valid UTF-8", ""},
    {"name: \"\xF4\x90\x80\x80\"", "line 1:7", "not valid UTF-8", ""},
    {"name: \"\xE0\x80\x80\"", "line 1:7", "not valid UTF-8", ""},
    {"5: 1", "line 1:1", "found '5'", "a field of Kinds"},
    {"small: 1,, large: 2", "line 1:10", "found ','", "a field of Kinds"},
    {"@", "line 1:1", "the byte '@'", ""},
    {std::string("small: 1\n\0", 10), "line 2:1", "the byte '\\x00'", ""},
    {"\xEF\xBB\xBF"
     "smal: 1",
     "line 1:1", "unknown field 'smal'", ""},
    {"\r\n\r\nsmal: 1", "line 3:1", "unknown field 'smal'", ""},
};

TEST(TextForm, RefusesWithTheirPlace) {
  for (const Fault& c : kFaults) {
    const std::optional<Error> error = refusal(c.text);
    ASSERT_TRUE(error) << c.text;
    EXPECT_EQ(error->kind(), ErrorKind::malformed) << c.text;
    ASSERT_FALSE(error->places().empty()) << c.text;
    EXPECT_EQ(error->places().front(), c.place) << c.text;
    EXPECT_NE(error->problem().find(c.problem), std::string::npos) << c.text << " -> " << error->what();
    EXPECT_NE(error->expected().find(c.expected), std::string::npos) << c.text << " -> " << error->what();
    EXPECT_FALSE(error->expected().empty()) << c.text;
  }
}

TEST(TextForm, NamesTheMessagesAroundAFault) {
  const std::optional<Error> error = refusal("inner { inners [ {}, { third <\n x: 1 > } ] }");
  ASSERT_TRUE(error);
  EXPECT_THAT(error->places(), testing::ElementsAreArray({"line 2:2", "inner.inners.third"}));
}

TEST(TextForm, RefusesExtensionsAsUnsupported) {
  for (const char* text :
       {"[foo.bar]: 1", "[type.googleapis.com/foo.Bar] { x: 1 }", "inner { [a-b/c.9d] {} }"}) {
    const std::optional<Error> error = refusal(text);
    ASSERT_TRUE(error) << text;
    EXPECT_EQ(error->kind(), ErrorKind::unsupported) << text;
  }
  const std::optional<Error> open = refusal("[type.googleapis.com/foo");
  ASSERT_TRUE(open);
  EXPECT_EQ(open->kind(), ErrorKind::malformed);
}

TEST(TextForm, LimitsTheDepth) {
  EXPECT_EQ(meaning(nested(kMaxTextDepth)).size(), text_to_wire(nested(kMaxTextDepth), kKinds).size());
  for (const std::size_t depth : {kMaxTextDepth + 1, std::size_t{1'000'000}}) {
    const std::optional<Error> error = refusal(nested(depth));
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::malformed);
    EXPECT_NE(error->expected().find("100"), std::string::npos);
    EXPECT_EQ(error->places().front(), "line 1:606");
  }
}

}  // namespace
}  // namespace thaw::internal
