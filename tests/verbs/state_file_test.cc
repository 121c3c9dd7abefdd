// The file named `checkpoint`, which says what the newest checkpoint of a folder is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/throws_error.h"
#include "verbs/world.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;
using enum ErrorKind;

TEST(StateFile, LeavesOtherCheckpointsTheNewestUnlessForced) {
  const std::string others =
      "model_checkpoint_path: \"best\"\nall_model_checkpoint_paths: \"first\"\nall_model_checkpoint_paths: "
      "\"best\"\n";
  const World world;
  world.files()["out/checkpoint"] = others;
  EXPECT_THAT([&] { world.thaw(); },
              throws_error(output_exists, "names other checkpoints, the newest 'best'"));
  EXPECT_THAT(world.names(), ElementsAreArray({"out/checkpoint"}));

  world.thaw(options_of([](ThawOptions& o) { o.keep_state = true; }));
  EXPECT_EQ(world.files().at("out/checkpoint"), others);

  world.thaw(options_of([](ThawOptions& o) { o.force = true; }));
  EXPECT_EQ(world.files().at("out/checkpoint"),
            "model_checkpoint_path: \"model.ckpt\"\nall_model_checkpoint_paths: "
            "\"first\"\nall_model_checkpoint_paths: \"best\"\n"
            "all_model_checkpoint_paths: \"model.ckpt\"\n");
}

TEST(StateFile, DoesNotOverwriteWhatIsNoState) {
  const World world;
  world.files()["out/checkpoint"] = "my notes about checkpoints";
  EXPECT_THAT([&] { world.thaw(); }, throws_error(output_exists, "is no checkpoint state"));
  EXPECT_EQ(world.files().size(), 1u);
  world.thaw(options_of([](ThawOptions& o) { o.keep_state = true; }));
  EXPECT_EQ(world.files().at("out/checkpoint"), "my notes about checkpoints");
  EXPECT_EQ(world.files().size(), 4u);
}

}  // namespace
}  // namespace thaw::internal
