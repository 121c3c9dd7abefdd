#include "report/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "report/screen.h"

namespace thaw {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Table table_sample() {
  Table table({{"name", false, true, 0}, {"dtype", false, false, 2}, {"bytes", true, false, 1}});
  table.add({"scope/with/a/very/long/name/of/a/weight", "float32", "1024"});
  table.add({"b", "int64", "8"});
  return table;
}

TEST(Table, HasTabsOffATerminal) {
  EXPECT_EQ(table_sample().tabbed(true),
            "name\tdtype\tbytes\nscope/with/a/very/long/name/of/a/weight\tfloat32\t1024\nb\tint64\t8\n");
  EXPECT_EQ(table_sample().tabbed(false).find("name\t"), std::string::npos);
}

TEST(Table, HasColumnsOnATerminal) {
  const std::vector<std::string> lines = lines_of(table_sample().fitted(80, false));
  EXPECT_EQ(lines[0], "name                                     dtype    bytes");
  EXPECT_EQ(lines[1], "scope/with/a/very/long/name/of/a/weight  float32   1024");
  EXPECT_EQ(lines[2], "b                                        int64        8");
}

TEST(Table, ShortensNamesThenLeavesColumnsOut) {
  const std::string narrow = table_sample().fitted(45, false);
  EXPECT_THAT(narrow, HasSubstr(".."));
  EXPECT_THAT(narrow, HasSubstr("dtype"));
  const std::string narrower = table_sample().fitted(30, false);
  EXPECT_THAT(lines_of(narrower)[0], Not(HasSubstr("dtype")));
  EXPECT_THAT(narrower, HasSubstr("also shows"));
  for (std::size_t width = 26; width < 90; ++width) {
    for (const std::string& line : lines_of(table_sample().fitted(width, false)))
      EXPECT_TRUE(width_of(line) <= width || line.starts_with("(")) << width << ": " << line;
  }
}

TEST(Table, IsBoldInItsHeadOnly) {
  const std::vector<std::string> lines = lines_of(table_sample().fitted(80, true));
  EXPECT_THAT(lines[0], testing::StartsWith("\x1b[1m"));
  EXPECT_THAT(lines[0], testing::EndsWith("\x1b[0m"));
  EXPECT_THAT(lines[1], Not(HasSubstr("\x1b")));
}

TEST(Screen, CountsCharactersNotBytes) {
  EXPECT_EQ(width_of("a\xC3\xA4\xE2\x82\xAC"), 3u);
  EXPECT_EQ(shortened("a\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4z", 5), "a\xC3\xA4..z");
}

TEST(Screen, ShortensInTheMiddle) {
  EXPECT_EQ(shortened("abcdefghij", 10), "abcdefghij");
  EXPECT_EQ(shortened("abcdefghij", 9), "abcd..hij");
  EXPECT_EQ(shortened("abcdefghij", 1), "a..j");
}

TEST(Screen, BreaksLinesAtBlanks) {
  Screen screen(40);
  screen.row("inputs", "one two three four five six seven eight nine ten eleven");
  EXPECT_EQ(screen.take(),
            "  inputs    one two three four five six\n"
            "            seven eight nine ten eleven\n");
  Screen wide(0);
  std::string words(300, 'x');
  words += " y";
  wide.row("", words);
  EXPECT_EQ(lines_of(wide.take()).size(), 1u);
}

TEST(Screen, EndsForWordsOfAnyLength) {
  for (std::size_t width = 0; width < 64; ++width) {
    Screen screen(width);
    screen.row("label", std::string(100, 'x') + " " + std::string(100, 'y') + "  ");
    screen.row("", "", "");
    EXPECT_THAT(screen.take(), HasSubstr(std::string(100, 'y')));
  }
}

TEST(Screen, ShortensNamesToTheWidth) {
  Screen screen(60);
  screen.row("inputs", std::string(100, 'n'), "float32 [?,224,224,3]");
  for (const std::string& line : lines_of(screen.take())) EXPECT_LE(line.size(), 60u);
}

}  // namespace
}  // namespace thaw
