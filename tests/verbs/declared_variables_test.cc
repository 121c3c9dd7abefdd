// MetaGraphDefs whose collections name variables: still there, or frozen since.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/throws_error.h"
#include "verbs/world.h"
#include "wire/message_writer.h"

namespace thaw::internal {
namespace {

SourcePtr meta(const std::string& text, const std::string& collection,
               const std::vector<std::string>& names) {
  std::string list, of_bytes, entry, file;
  for (const std::string& name : names) {
    std::string def;
    MessageWriter(def).bytes(1, name).bytes(2, name + "/Assign");
    MessageWriter(list).bytes(1, def);
  }
  MessageWriter(of_bytes).bytes(2, list);
  MessageWriter(entry).bytes(1, collection).bytes(2, of_bytes);
  MessageWriter(file).bytes(2, graph_text::graph_bytes(text)).bytes(4, entry);
  return memory_source(file, "m.meta");
}

TEST(DeclaredVariables, ThatWereFrozenSinceAreThawed) {
  for (const char* collection : {"variables", "trainable_variables", "local_variables", "losses"}) {
    const World world;
    const ThawReport report =
        world.thaw({}, meta(kModel, collection, {"w:0", "steps:0", "gone/since:0", "x:0", ""}));
    EXPECT_EQ(report.variables.size(), 2u) << collection;
  }
}

TEST(DeclaredVariables, ThatAreStillThereHaveTheirValuesElsewhere) {
  const std::string text = kModel + "v = VariableV2 | dtype=:f32 shape=(2)\nr = Identity:f32 v\n";
  for (const char* collection : {"variables", "trainable_variables"}) {
    const World world;
    EXPECT_THROW(world.thaw({}, meta(text, collection, {"w:0", "v:0"})), Error);
    EXPECT_TRUE(world.files().empty());
  }
  EXPECT_NO_THROW(World().thaw({}, meta(text, "local_variables", {"v:0"})));
}

}  // namespace
}  // namespace thaw::internal
