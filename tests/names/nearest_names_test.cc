#include "names/nearest_names.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace thaw::internal {
namespace {

// By the definition, without any cleverness.
std::size_t distance_by_definition(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = i + j;
        continue;
      }
      const std::size_t replaced =
          table[i - 1][j - 1] + (std::tolower(a[i - 1]) == std::tolower(b[j - 1]) ? 0 : 1);
      table[i][j] = std::min({replaced, table[i - 1][j] + 1, table[i][j - 1] + 1});
    }
  }
  return table[a.size()][b.size()];
}

std::string short_word() {
  return *rc::gen::container<std::string>(rc::gen::element('a', 'b', 'B', '/', '1'));
}

RC_GTEST_PROP(EditDistance, AgreesWithItsDefinition, ()) {
  const std::string a = short_word(), b = short_word();
  RC_ASSERT(edit_distance(a, b, SIZE_MAX) == distance_by_definition(a, b));
}

RC_GTEST_PROP(EditDistance, IsExactUpToTheLimitAndAboveItBeyond, ()) {
  const std::string a = short_word(), b = short_word();
  const auto limit = *rc::gen::inRange<std::size_t>(0, 8);
  const std::size_t truth = distance_by_definition(a, b);
  const std::size_t answer = edit_distance(a, b, limit);
  const bool right = truth <= limit ? answer == truth : answer > limit;
  RC_ASSERT(right);
}

TEST(NearestNames, PutsTheLikeliestFirst) {
  const std::vector<Bytes> names = {"dense/kernel", "dense_1/kernel", "conv/kernel", "conv/bias"};
  EXPECT_EQ(nearest_names("dense/kernal", names, 1), std::vector<std::string>{"dense/kernel"});
  EXPECT_EQ(nearest_names("dense_2/kernel", names, 2),
            (std::vector<std::string>{"dense_1/kernel", "dense/kernel"}));
}

TEST(NearestNames, OffersScopesAndEndings) {
  const std::vector<Bytes> names = {"tower_0/layer/kernel", "tower_0/layer/bias"};
  EXPECT_EQ(nearest_names("tower0", names, 1), std::vector<std::string>{"tower_0"});
  EXPECT_EQ(nearest_names("layer/bias", names, 1), std::vector<std::string>{"tower_0/layer/bias"});
}

TEST(NearestNames, IsTheSameForAnyOrderAndNeverRepeats) {
  const std::vector<Bytes> names = {"a/x", "a/y", "b/x", "b/y", "c/x"};
  const std::vector<Bytes> reversed(names.rbegin(), names.rend());
  const std::vector<std::string> found = nearest_names("d/x", names, 4);
  EXPECT_EQ(found, nearest_names("d/x", reversed, 4));
  EXPECT_EQ(found.size(), 4u);
  EXPECT_EQ(nearest_names("a", std::vector<Bytes>{"a", "a/b", "a/c"}, 9),
            (std::vector<std::string>{"a", "a/b", "a/c"}));
}

TEST(NearestNames, ScopesWithoutNumberAreLookedAtOnce) {
  std::string deep;
  for (int i = 0; i < 30'000; ++i) deep += "a/";
  const std::vector<Bytes> names(300, deep);
  EXPECT_EQ(nearest_names("zzz", names, 2), (std::vector<std::string>{"a", "a/a"}));
}

TEST(NearestNames, TakesWhatThereIs) {
  EXPECT_TRUE(nearest_names("a", {}).empty());
  EXPECT_TRUE(nearest_names("a", std::vector<Bytes>{"b"}, 0).empty());
  EXPECT_EQ(nearest_names("", std::vector<Bytes>{"", "b"}), std::vector<std::string>{"b"});
}

}  // namespace
}  // namespace thaw::internal
