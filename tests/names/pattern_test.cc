#include "names/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace thaw::internal {
namespace {

using testing::HasSubstr;

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ErrorKind::bug, "nothing was thrown"};
}

struct PatternCase {
  std::string word, name;
  bool matches;
};

class PatternMatch : public testing::TestWithParam<PatternCase> {};

TEST_P(PatternMatch, IsAsDocumented) {
  const auto& [word, name, matches] = GetParam();
  EXPECT_EQ(Pattern(word).matches(name), matches) << word << " on " << name;
}

INSTANTIATE_TEST_SUITE_P(Names, PatternMatch,
                         testing::ValuesIn<PatternCase>({
                             {"a/b", "a/b", true},
                             {"a/b", "a/b/c", true},
                             {"a/b", "a/b/c/d", true},
                             {"a/b", "a/bc", false},
                             {"a/b", "a", false},
                             {"a/b", "x/a/b", false},
                             {"a/b/", "a/b/c", true},
                             {"a/b/", "a/b", false},
                             {"a/b:0", "a/b", true},
                             {"a/b:12", "a/b/c", true},
                             {"a/b:", "a/b", false},
                             {"a/b/read", "a/b", true},
                             {"a/b/read", "a/b/read", true},
                             {"a/b/read", "a/b/read/kernel", true},
                             {"a/b/read", "a/b/kernel", false},
                             {"a/b/read:0", "a/b", true},
                             {"read", "read", true},
                             {"layer.0", "layer.0/kernel", true},
                             {"layer.0", "layer10", false},
                             {"0", "0", true},
                         }));

INSTANTIATE_TEST_SUITE_P(Expressions, PatternMatch,
                         testing::ValuesIn<PatternCase>({
                             {"conv.*", "conv1/kernel", true},
                             {"conv.*", "x/conv1", false},
                             {".*/kernel", "a/b/kernel", true},
                             {".*/kernel", "kernel", false},
                             {".*/kernel", "a/kernel/b", false},
                             {".*/kernel:0", "a/kernel", true},
                             {".*/kernel/read", "a/kernel", true},
                             {".*/kernel/read", "a/kernel/read", true},
                             {"a|b", "b", true},
                             {"a|b", "ab", false},
                             {"^a$", "a", true},
                             {"dense_[0-9]+/bias", "dense_12/bias", true},
                             {"(?i)DENSE", "dense", true},
                             {".*", "", true},
                             {".*", "a\nb", true},
                             {".*", "\xff\xfe", true},
                             {"a\\.b", "a.b", true},
                             {"a\\.b", "axb", false},
                         }));

struct PatternMistake {
  std::string word, said, hint;
};

TEST(PatternErrors, SayWhere) {
  const std::vector<PatternMistake> mistakes = {
      {"a(b", "missing ): a(b at character 2", "backslash"},
      {"ab)c", "at character 3", "backslash"},
      {"[(]a(b[)](c)", "at character 5", "backslash"},
      {"*/kernel", "at character 1", "'.*'"},
      {"a/[b", "missing ]: [b at character 3", "backslash"},
      {"ab\\", "at character 3", "backslash"},
      {"a{2000}", "invalid repetition size: {2000} at character 2", "backslash"},
      {"a(?=b)", "at character 2", "backslash"},
      {"a\\(b(c", "at character 5", "backslash"},
  };
  for (const auto& [word, said, hint] : mistakes) {
    const Error error = error_of([&] { Pattern pattern(word); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.problem(), HasSubstr(said)) << word;
    EXPECT_THAT(error.hint(), HasSubstr(hint)) << word;
    EXPECT_FALSE(error.expected().empty());
  }
}

TEST(PatternErrors, RefuseEmptyWords) {
  for (const char* word : {"", "/", ":0"}) {
    const std::string text = word;
    if (text == ":0") {
      EXPECT_FALSE(Pattern(text).matches("a"));
    } else {
      EXPECT_EQ(error_of([&] { Pattern pattern(text); }).kind(), ErrorKind::usage) << text;
    }
  }
}

TEST(PatternSet, RemembersWhatMatched) {
  const std::vector<std::string> words = {"a", "b.*", "nothing", "a/x"};
  PatternSet set("--keep", words);
  EXPECT_FALSE(set.empty());
  EXPECT_TRUE(set.matches("a/x"));
  EXPECT_TRUE(set.matches("bias"));
  EXPECT_FALSE(set.matches("c"));
  const std::vector<const Pattern*> idle = set.unmatched();
  ASSERT_EQ(idle.size(), 1u);
  EXPECT_EQ(idle[0]->word(), "nothing");
  const std::vector<Bytes> names = {"a/x", "bias", "c"};
  const Error error = error_of([&] { set.require_all_matched(names); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_EQ(error.places(), std::vector<std::string>{"--keep"});
}

TEST(PatternSet, IsContentWhenAllMatched) {
  const std::vector<std::string> words = {"a"};
  PatternSet set("--thaw", words);
  set.matches("a");
  EXPECT_NO_THROW(set.require_all_matched({}));
  EXPECT_TRUE(PatternSet().empty());
  EXPECT_FALSE(PatternSet().matches("a"));
}

TEST(PatternSet, NamesTheOptionOfABadWord) {
  const std::vector<std::string> words = {"good", "(bad"};
  const Error error = error_of([&] { PatternSet set("--non-trainable", words); });
  EXPECT_EQ(error.places(), std::vector<std::string>{"--non-trainable"});
}

struct Advice {
  std::string word, hint;
};

TEST(NoMatch, AdvisesByWhatWasTyped) {
  const std::vector<Bytes> names = {"dense/kernel", "dense/bias", "conv1/weights", "conv2/weights",
                                    "output/Softmax"};
  const std::vector<Advice> cases = {
      {"dens", "did you mean 'dense'"},
      {"Dense/Kernel", "did you mean 'dense/kernel'"},
      {"bias", "did you mean 'dense/bias'"},
      {"conv/weights", "'conv1/weights', 'conv2/weights'"},
      {"dense/*", "try 'dense/.*'"},
      {"conv?/weights", "did you mean 'conv1/weights'"},
      {"weights$", "only a part of 'conv1/weights'"},
      {"dens.+/kernels", "did you mean 'dense/kernel'"},
  };
  for (const auto& [word, hint] : cases) {
    const Error error = no_match_error("--thaw", Pattern(word), names);
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_THAT(error.problem(), HasSubstr("matches nothing"));
    EXPECT_THAT(error.hint(), HasSubstr(hint)) << word;
  }
}

TEST(NoMatch, OffersAtMostThreeNames) {
  const std::vector<Bytes> names = {"a1", "a2", "a3", "a4"};
  EXPECT_EQ(no_match_error("--thaw", Pattern("a9"), names).hint(), "did you mean 'a1', 'a2' or 'a3'?");
}

TEST(NoMatch, HasAnAnswerWithoutNames) {
  EXPECT_THAT(no_match_error("--thaw", Pattern("a"), {}).hint(), HasSubstr("no names"));
}

TEST(NoMatch, EscapesWhatItQuotes) {
  const std::vector<Bytes> names = {"evil\x1b[2J"};
  EXPECT_THAT(no_match_error("--thaw", Pattern("evil"), names).hint(), HasSubstr("\\x1b"));
}

}  // namespace
}  // namespace thaw::internal
