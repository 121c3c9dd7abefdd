#include <gtest/gtest.h>

#include "io/checkpoint_world.h"
#include "thaw/thaw.h"

namespace thaw::internal {
namespace {

TEST(OutputPrefix, FollowsFromTheModelWhereNothingIsSaid) {
  EXPECT_EQ(output_prefix("models/net.pb", ""), "net.thawed/model.ckpt");
  EXPECT_EQ(output_prefix("/a/b/frozen.graph.pb", ""), "frozen.graph.thawed/model.ckpt");
  EXPECT_EQ(output_prefix("net", ""), "net.thawed/model.ckpt");
}

TEST(OutputPrefix, IsWhatSaverSaveTakes) {
  const std::pair<const char*, const char*> cases[] = {{"models/deepspeech_v3", "models/deepspeech_v3"},
                                                       {"m", "m"},
                                                       {"models/", "models/model.ckpt"},
                                                       {"a/m.index", "a/m"},
                                                       {"a/m.meta", "a/m"},
                                                       {"a/m.data-00000-of-00001", "a/m"},
                                                       {"a/m.data-00003-of-00128", "a/m"},
                                                       {"a/m.ckpt", "a/m.ckpt"},
                                                       {"a/model.ckpt-100", "a/model.ckpt-100"},
                                                       {"a/m.data", "a/m.data"},
                                                       {"a/m.index.bak", "a/m.index.bak"}};
  for (const auto& [output, prefix] : cases) EXPECT_EQ(output_prefix("net.pb", output), prefix) << output;
}

TEST(OutputPrefix, TakesAFolderThatExistsForAFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(output_prefix("net.pb", folder.path().string()), folder.path() / "model.ckpt");
}

}  // namespace
}  // namespace thaw::internal
