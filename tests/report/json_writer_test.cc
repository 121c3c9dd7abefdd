#include "report/json_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace thaw {
namespace {

using nlohmann::json;

std::string text_of(std::string_view text) { return JsonWriter().value(text).take(); }

TEST(JsonWriter, NestsObjectsAndLists) {
  JsonWriter writer;
  writer.begin_object().field("a", 1).key("b").begin_array().value("x").null().value(true);
  writer.begin_object().end_object().begin_array().end_array().end_array();
  writer.field("c", std::optional<int>()).field("d", std::optional<int>(-7)).end_object();
  EXPECT_EQ(writer.take(), R"({"a":1,"b":["x",null,true,{},[]],"c":null,"d":-7})");
}

TEST(JsonWriter, WritesNumbersWhole) {
  EXPECT_EQ(JsonWriter().value(std::numeric_limits<std::uint64_t>::max()).take(), "18446744073709551615");
  EXPECT_EQ(JsonWriter().value(std::numeric_limits<std::int64_t>::min()).take(), "-9223372036854775808");
  for (const double number : {0.1, -1e300, 5e-324, 1.0, 123456789.25})
    EXPECT_EQ(json::parse(JsonWriter().value(number).take()).get<double>(), number);
  EXPECT_EQ(JsonWriter().value(std::numeric_limits<double>::infinity()).take(), "null");
}

TEST(JsonWriter, WritesShapes) {
  EXPECT_EQ(JsonWriter().value(Shape({-1, 3})).take(), "[null,3]");
  EXPECT_EQ(JsonWriter().value(Shape()).take(), "[]");
  EXPECT_EQ(JsonWriter().value(Shape::of_unknown_rank()).take(), "null");
}

// Every string of up to three bytes out of those where something begins or ends, as nlohmann-json has it.
TEST(JsonWriter, EscapesAndReplacesAsNlohmannDoes) {
  const std::string bytes(
      "\0\t\n\x1f\x20\"\\/\x7f\x80\xbf\xc1\xc2\xdf\xe0\xa0\x9f\xed\xef\xf0\x90\x8f\xf4\xf5\xff"
      "a",
      26);
  std::vector<std::string> texts{""};
  for (const char a : bytes) {
    texts.push_back({a});
    for (const char b : bytes) {
      texts.push_back({a, b});
      for (const char c : bytes) texts.push_back({a, b, c});
    }
  }
  for (const std::string& text : texts) {
    const json parsed = json::parse(text_of(text));  // sound, and valid UTF-8
    const std::string whole = parsed.get<std::string>();
    bool valid = true;
    try {
      EXPECT_EQ(json::parse(json(text).dump()).get<std::string>(), text);
    } catch (const json::exception&) {
      valid = false;
    }
    EXPECT_EQ(whole == text, valid) << testing::PrintToString(text);
    EXPECT_EQ(whole.find("\xEF\xBF\xBD") != std::string::npos, !valid) << testing::PrintToString(text);
  }
}

TEST(JsonWriter, KeepsCharactersBeyondAscii) {
  for (const std::string text :
       {"\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"})
    EXPECT_EQ(text_of(text), "\"" + text + "\"");
  for (const std::string text : {"\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC0\x80", "\xE0\x80\x80"})
    EXPECT_NE(json::parse(text_of(text)).get<std::string>(), text);
}

}  // namespace
}  // namespace thaw
