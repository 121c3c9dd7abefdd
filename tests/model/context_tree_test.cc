// Loops and branches within each other, against walking outwards one by one.
#include "model/context_tree.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

namespace thaw::internal {
namespace {

std::vector<ContextId> way_out(const ContextTree& tree, ContextId id) {
  std::vector<ContextId> way{id};
  while (way.back() != kRootContext) way.push_back(tree.outer(way.back()));
  return way;
}

TEST(ContextTree, AnswersAsWalkingOutwardsDoes) {
  EXPECT_TRUE(rc::check([](const std::vector<unsigned>& parents) {
    ContextTree tree;
    for (const unsigned parent : parents) {
      const auto outer = static_cast<ContextId>(parent % tree.size());
      parent % 3 == 0 ? tree.add_branch(outer, parent % 2, 0) : tree.add_loop(outer, 0);
    }
    const auto any = *rc::gen::inRange<ContextId>(0, static_cast<ContextId>(tree.size()));
    const auto other = *rc::gen::inRange<ContextId>(0, static_cast<ContextId>(tree.size()));
    const std::vector<ContextId> mine = way_out(tree, any), theirs = way_out(tree, other);
    RC_ASSERT(mine.size() == tree.depth(any) + 1);
    for (const ContextId id : mine) RC_ASSERT(tree.at_depth(any, tree.depth(id)) == id);
    const std::set<ContextId> around(mine.begin(), mine.end());
    const auto common = std::ranges::find_if(theirs, [&](ContextId id) { return around.contains(id); });
    RC_ASSERT(tree.common(any, other) == *common);
    RC_ASSERT(tree.contains(other, any) == around.contains(other));
    const auto loop = std::ranges::find_if(mine, [&](ContextId id) { return tree.is_loop(id); });
    RC_ASSERT(tree.loop_around(any) == (loop == mine.end() ? kRootContext : *loop));
  }));
}

TEST(ContextTree, IsQuickHoweverDeep) {
  ContextTree tree;
  ContextId deepest = kRootContext;
  for (int depth = 0; depth < 200000; ++depth) deepest = tree.add_loop(deepest, 0);
  for (std::uint32_t depth = 0; depth < 200000; ++depth) {
    ASSERT_EQ(tree.depth(tree.at_depth(deepest, depth)), depth);
    ASSERT_TRUE(tree.contains(depth, deepest));
  }
}

}  // namespace
}  // namespace thaw::internal
