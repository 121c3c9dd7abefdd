// Any edits, one after the other: inputs and consumers stay two sides of the same edges.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "draft/places.h"
#include "support/graph_text.h"
#include "support/node_lines.h"

namespace thaw::internal {
namespace {

using graph_text::graph_of;
using graph_text::node_of;
using graph_text::read_graph;

// Consumers must be the inputs seen from the other side, whatever was done.
void expect_consistent(const Draft& draft) {
  std::multiset<std::string> from_inputs, from_consumers;
  for (NodeId id = 0; id < draft.id_limit(); ++id) {
    if (draft.is_removed(id)) continue;
    std::uint32_t slot = 0;
    for (const Edge& input : draft.inputs(id)) {
      const std::string at = input.is_control() ? "^" : std::to_string(slot++);
      from_inputs.insert(std::to_string(input.node) + ">" + std::to_string(id) + ":" + at);
    }
    for (const Edge& consumer : draft.consumers(id)) {
      from_consumers.insert(std::to_string(id) + ">" + std::to_string(consumer.node) + ":" +
                            (consumer.is_control() ? "^" : std::to_string(consumer.port)));
    }
  }
  EXPECT_EQ(from_inputs, from_consumers);
}

TEST(Draft, StaysConsistentUnderAnyEdits) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    Draft draft(graph_of(kPlaces));
    for (int step = 0; step < 12; ++step) {
      const std::vector<NodeId> alive = draft.order();
      const auto pick = [&] { return alive[random() % alive.size()]; };
      const NodeId id = pick(), other = pick();
      const std::size_t data = draft.inputs(id).size();
      switch (random() % 5) {
        case 0:
          draft.add(
              node_of(draft.unique_name("n") + " = Add " + draft.name(id) + " " + draft.name(other) + ":1"),
              other, kWhy);
          break;
        case 1:
          draft.replace(
              id, node_of(draft.name(id) + " = Neg " + draft.name(other) + " ^" + draft.name(other)), kWhy);
          break;
        case 2:
          if (data > 0 && !draft.inputs(id)[0].is_control())
            draft.redirect(id, 0, {other, static_cast<std::uint32_t>(random() % 3)}, kWhy);
          break;
        case 3:
          draft.rename({{id, draft.unique_name("r")}}, "M0");
          break;
        default:
          if (draft.consumers(id).empty()) draft.remove(id, kWhy);
          break;
      }
      expect_consistent(draft);
    }
    const auto written = read_graph(memory_source(draft.emit().bytes()));
    ASSERT_EQ(written->node_count(), draft.order().size()) << seed;
    for (const NodeId id : draft.order()) {
      EXPECT_EQ(node_lines::line_of(*written, draft.name(id)), node_lines::line_of(draft.node_def(id)))
          << seed;
    }
  }
}

}  // namespace
}  // namespace thaw::internal
