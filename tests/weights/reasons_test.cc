#include <gtest/gtest.h>

#include "thaw/plan.h"

namespace thaw {
namespace {

std::string rules_of(const Reasons& reasons) {
  std::string rules;
  for (const Reason& reason : reasons) rules += reason.rule + " ";
  return rules;
}

TEST(Reasons, AreSharedUntilOneListGrows) {
  Reasons none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.begin(), none.end());
  Reasons reasons{{"N1", "", -1}};
  const Reasons copy = reasons;
  EXPECT_EQ(&copy.front(), &reasons.front());
  reasons.push_back({"R0", "w/read", 0});
  EXPECT_EQ(rules_of(reasons), "N1 R0 ");
  EXPECT_EQ(rules_of(copy), "N1 ");
  none.push_back({"U1", "", -1});
  EXPECT_EQ(none.front(), (Reason{"U1", "", -1}));
}

}  // namespace
}  // namespace thaw
