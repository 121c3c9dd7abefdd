#include "names/name_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace thaw::internal {
namespace {

using testing::HasSubstr;

struct RuleCase {
  std::string rule, name;
  std::optional<std::string> renamed;
};

class Rename : public testing::TestWithParam<RuleCase> {};

TEST_P(Rename, IsAsDocumented) {
  const auto& [rule, name, renamed] = GetParam();
  EXPECT_EQ(NameRule(rule, "--rename").apply(name), renamed) << rule << " on " << name;
}

INSTANTIATE_TEST_SUITE_P(Scopes, Rename,
                         testing::ValuesIn<RuleCase>({
                             {"old/scope=new/scope", "old/scope/kernel", "new/scope/kernel"},
                             {"old/scope=new/scope", "old/scope", "new/scope"},
                             {"old/scope=new/scope", "old/scope_1/kernel", std::nullopt},
                             {"old/scope=new/scope", "x/old/scope/kernel", std::nullopt},
                             {"old/=new/", "old/kernel", "new/kernel"},
                             {"old/=new/", "old", std::nullopt},
                             {"old=new/", "old/kernel", "new/kernel"},
                             {"tower_0=", "tower_0/a/b", "a/b"},
                             {"tower_0/=", "tower_0/a/b", "a/b"},
                             {"a:0=b:0", "a", "b"},
                             {"a=b=c", "a", "b=c"},
                             {"a\\=b=c", "a=b/x", "c/x"},
                             {"a=b\\=c", "a", "b=c"},
                             {"layer.0=x", "layer.0/w", "x/w"},
                             {"layer.0=x", "layer10/w", std::nullopt},
                         }));

INSTANTIATE_TEST_SUITE_P(Expressions, Rename,
                         testing::ValuesIn<RuleCase>({
                             {"tower_\\d+/(.*)=\\1", "tower_12/dense/kernel", "dense/kernel"},
                             {"tower_\\d+/(.*)=\\1", "x/tower_1/dense", std::nullopt},
                             {"(.*)/weights=\\1/kernel", "conv/weights", "conv/kernel"},
                             {"(.*)/weights=\\1/kernel", "conv/weights/Adam", std::nullopt},
                             {"(.)(.)=\\2\\1", "ab", "ba"},
                             {".*=all/\\0", "a/b", "all/a/b"},
                             {"a|b=c", "b", "c"},
                             {"(a)|b=<\\1>", "b", "<>"},
                             {".*\\=x=y", "a=x", "y"},
                             {"[\\\\]=y", "\\", "y"},
                         }));

struct RuleMistake {
  std::string rule, said;
};

TEST(NameRule, SaysWhatIsWrong) {
  const std::vector<RuleMistake> mistakes = {
      {"", "no '='"},
      {"a", "no '='"},
      {"a\\=b", "no '='"},
      {"=b", "nothing before its '='"},
      {"/=b", "nothing before its '='"},
      {"(a=b", "missing )"},
      {"a.*=\\1", "replacement"},
      {"(a)=\\2", "replacement"},
      {"(a)=\\x", "replacement"},
      {"(a)=b\\", "replacement"},
      {"a=\\1", "group in its replacement"},
  };
  for (const auto& [rule, said] : mistakes) {
    try {
      NameRule{rule, "rules.txt:7"};
      ADD_FAILURE() << rule;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << rule;
      EXPECT_THAT(error.what(), HasSubstr(said)) << rule;
      EXPECT_EQ(error.places(), std::vector<std::string>{"rules.txt:7"}) << rule;
      EXPECT_FALSE(error.expected().empty()) << rule;
      EXPECT_FALSE(error.hint().empty()) << rule;
    }
  }
}

TEST(NameRule, RefusesToLeaveNothing) {
  EXPECT_THROW(NameRule("tower_0=", "--rename").apply("tower_0"), Error);
  EXPECT_THROW(NameRule("(x*)y*=\\1", "--rename").apply("yy"), Error);
}

TEST(NameRules, FirstMatchWinsAndResultsAreNotRenamedAgain) {
  NameRules rules;
  EXPECT_TRUE(rules.empty());
  rules.add("a=b", "--rename");
  rules.add("a/x=never", "--rename");
  rules.add("b=c", "--rename");
  EXPECT_EQ(rules.apply("a/x"), "b/x");
  EXPECT_EQ(rules.apply("b/x"), "c/x");
  EXPECT_EQ(rules.apply("d"), std::nullopt);
  ASSERT_EQ(rules.unused().size(), 1u);
  EXPECT_EQ(rules.unused()[0]->text(), "a/x=never");
}

TEST(NameRules, AnUnusedRuleThatFitsNoNameIsAnError) {
  NameRules rules;
  rules.add("dense=x", "--rename");
  rules.add("dense/kernel=late", "--rename");
  rules.add("convo.*=y", "rules.txt:4");
  const std::vector<Bytes> names = {"dense/kernel", "conv/kernel"};
  for (const Bytes name : names) rules.apply(name);
  try {
    rules.require_all_fit(names);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.places(), std::vector<std::string>{"rules.txt:4"});
    EXPECT_THAT(error.problem(), HasSubstr("'convo.*' matches nothing"));
    EXPECT_THAT(error.hint(), HasSubstr("'conv'"));
  }
}

TEST(NameRules, ReadsFiles) {
  NameRules rules;
  rules.add_file("\xEF\xBB\xBF# how we call things\r\n\r\n  a=b  \t# the first\n#c=d\n(.*)#x=\\1\ne=f",
                 "rules.txt");
  EXPECT_EQ(rules.apply("a"), "b");
  EXPECT_EQ(rules.apply("c"), std::nullopt);
  EXPECT_EQ(rules.apply("y#x"), "y");
  EXPECT_EQ(rules.apply("e/g"), "f/g");
  EXPECT_TRUE(rules.unused().empty());
}

TEST(NameRules, NamesTheLineOfAMistake) {
  NameRules rules;
  try {
    rules.add_file("a=b\n\n# fine\n(c=d\n", "my/rules.txt");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.places(), std::vector<std::string>{"my/rules.txt:4"});
  }
}

TEST(NameRules, TakesEmptyFiles) {
  NameRules rules;
  for (const char* text : {"", "\n", "\n\n  \n", "# only words", "\xEF\xBB\xBF"})
    rules.add_file(text, "rules.txt");
  EXPECT_TRUE(rules.empty());
}

RC_GTEST_PROP(NameRules, MovingAScopeThereAndBackGivesTheName, ()) {
  const auto word =
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('a', 'b', '.', '_', '-', '1')));
  const std::string from = *word, to = *word, rest = *word;
  const std::string name = from + "/" + rest;
  const std::optional<std::string> there = NameRule(from + "=" + to, "there").apply(name);
  RC_ASSERT(there == to + "/" + rest);
  RC_ASSERT(NameRule(to + "=" + from, "back").apply(*there) == name);
}

}  // namespace
}  // namespace thaw::internal
