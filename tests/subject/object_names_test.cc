#include "subject/object_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/throws_error.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::string graph_of(const std::vector<std::pair<std::string, std::string>>& attributes) {
  std::string graph;
  for (const auto& [key, name] : attributes) {
    std::string attribute, node;
    MessageWriter(attribute).bytes(1, "VARIABLE_VALUE").bytes(2, name).bytes(3, key);
    MessageWriter(node).bytes(2, attribute);
    MessageWriter(graph).bytes(1, node);
  }
  return graph;
}

TEST(ObjectNames, AreFullNamesByKey) {
  EXPECT_THAT(object_names(graph_of({{"a/.ATTRIBUTES/VARIABLE_VALUE", "net/kernel"}, {"b", "net/bias"}})),
              ElementsAre(Pair("a/.ATTRIBUTES/VARIABLE_VALUE", "net/kernel"), Pair("b", "net/bias")));
}

TEST(ObjectNames, LeaveOutWhatTellsNothing) {
  EXPECT_THAT(
      object_names(graph_of({{"a", "Variable"}, {"b", "Variable"}, {"c", ""}, {"", "d"}, {"e", "f"}})),
      ElementsAre(Pair("e", "f")));
  EXPECT_TRUE(object_names("").empty());
}

TEST(ObjectNames, AreSharedByTheKeysOfOneVariable) {
  EXPECT_THAT(object_names(graph_of(
                  {{"variables/0/V", "a"}, {"_all_variables/1/V", "a"}, {"x/V", "b"}, {"y/V", "b"}})),
              ElementsAre(Pair("_all_variables/1/V", "a"), Pair("variables/0/V", "a")));
}

TEST(ObjectNames, RefuseWhatIsNoMessage) {
  EXPECT_THAT([] { object_names("\x0a\x7f"); }, throws_error(ErrorKind::malformed, ""));
}

}  // namespace
}  // namespace thaw::internal
