#include "subject/saved_object_graph.h"

#include <gtest/gtest.h>

#include "support/throws_error.h"
#include "verbs/carried_names.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

std::string child(const std::string& name, int node) {
  std::string message, field;
  MessageWriter(message).integer(1, node).bytes(2, name);
  MessageWriter(field).bytes(1, message);
  return field;
}

std::string variable(const std::string& name, bool trainable) {
  std::string message, field;
  MessageWriter(message).integer(3, trainable ? 1 : 0).bytes(6, name);
  MessageWriter(field).bytes(7, message);
  return field;
}

std::string graph_of(const std::vector<std::string>& nodes) {
  std::string graph;
  for (const std::string& node : nodes) MessageWriter(graph).bytes(1, node);
  return graph;
}

const std::string kValue = "/.ATTRIBUTES/VARIABLE_VALUE";

SavedObjectGraph two_blocks() {
  return SavedObjectGraph(
      graph_of({child("blocks", 1) + child("a/b.c", 3), child("0", 2) + child("1", 3) + child("2", 99),
                variable("w", true), variable("w", false)}));
}

TEST(SavedObjectGraph, AreFoundByTheKeysOfTheirValues) {
  const SavedObjectGraph objects = two_blocks();
  ASSERT_NE(objects.find("blocks/0" + kValue), nullptr);
  EXPECT_EQ(objects.find("blocks/0" + kValue)->name, "w");
  EXPECT_TRUE(objects.find("blocks/0" + kValue)->trainable);
  EXPECT_FALSE(objects.find("blocks/1" + kValue)->trainable);
  EXPECT_FALSE(objects.find("a.Sb..c" + kValue)->trainable);
  for (const char* key : {"blocks", "blocks/2", "blocks/3", "", "blocks/0/0"})
    EXPECT_EQ(objects.find(key + kValue), nullptr) << key;
  EXPECT_EQ(objects.find("blocks/0"), nullptr);
  EXPECT_EQ(SavedObjectGraph("").find("blocks/0" + kValue), nullptr);
}

TEST(SavedObjectGraph, AreNotTrainedForCertainWhereTheyDiffer) {
  EXPECT_FALSE(two_blocks().trainable("w").has_value());
  const SavedObjectGraph one(graph_of({child("w", 1), variable("w", true)}));
  EXPECT_TRUE(*one.trainable("w"));
  EXPECT_FALSE(one.trainable("other").has_value());
}

TEST(SavedObjectGraph, RefuseWhatIsNoMessage) {
  EXPECT_THAT([] { SavedObjectGraph("\x0a\x7f"); }, throws_error(ErrorKind::malformed, ""));
}

GraphVariable held(NodeId node, const std::string& name, const std::string& object, const std::string& path) {
  GraphVariable variable;
  variable.node = node;
  variable.name = name;
  variable.object_name = object;
  variable.keys = {path + kValue};
  return variable;
}

std::map<NodeId, std::string> named(const std::vector<GraphVariable>& variables) {
  std::vector<const GraphVariable*> all;
  for (const GraphVariable& variable : variables) all.push_back(&variable);
  return names_of_objects(all);
}

TEST(NamesOfObjects, AreTheirOwnOrTheirPaths) {
  using Names = std::map<NodeId, std::string>;
  EXPECT_EQ(named({held(1, "head/kernel_1", "head/kernel", "variables/3"), held(2, "b", "b", "b")}),
            (Names{{1, "head/kernel"}}));
  EXPECT_EQ(named({held(1, "w", "w", "blocks/0"), held(2, "w_1", "w", "blocks/1")}),
            (Names{{1, "blocks/0"}, {2, "blocks/1"}}));
  // Lists of all variables tell less than the nodes' names.
  EXPECT_EQ(named({held(1, "w", "w", "variables/0"), held(2, "w_1", "w", "variables/1")}), Names{});
  EXPECT_EQ(named({held(1, "w_1", "no name", "a")}), Names{});
  EXPECT_EQ(named({held(1, "v_1", "w/0", "a"), held(2, "w", "w", "w/0"), held(3, "w_1", "w", "b")}),
            (Names{{3, "b"}}));
}

}  // namespace
}  // namespace thaw::internal
