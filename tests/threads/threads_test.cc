// Verbs on several threads at once, each with files of its own, and one opened model that all of them read:
// as the headers promise. `make threads` runs this under the thread sanitizer.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include "support/graph_text.h"
#include "thaw/checkpoint_file.h"
#include "thaw/diff.h"
#include "thaw/freeze.h"
#include "thaw/inspect.h"
#include "thaw/model.h"
#include "thaw/thaw.h"
#include "thaw/verify.h"

namespace thaw::internal {
namespace {

constexpr int kThreads = 4, kTurns = 5;

const std::string kSharedModel = R"(
  x = Placeholder f32[?,2]
  w = Const f32[2,3]
  w/read = Identity:f32 w
  short = Const f32[200] splat 0.5
  short/read = Identity:f32 short
  names = Const i64[2] = 7 8
  names/read = Identity:i64 names
  y = MatMul:f32 x w/read
  out = Identity:f32 y
)";

// The same on every thread; what it throws, fails the test.
void on_all_threads(const std::function<void(int thread)>& work) {
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&work, &failed, i] {
      try {
        for (int turn = 0; turn < kTurns; ++turn) work(i);
      } catch (const std::exception& error) {
        ++failed;
        ADD_FAILURE() << error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
}

std::filesystem::path folder_of_test() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / (std::string("threads-") + test->name());
  std::filesystem::remove_all(folder);
  return folder;
}

// Everything, from the first model of the process on: tables that are made when first asked for, too.
TEST(Threads, EachWithFilesOfItsOwn) {
  on_all_threads([](int) {
    const auto memory = std::make_shared<MemoryDestination>();
    const SourcePtr model = memory_source(graph_text::graph_bytes(kSharedModel), "model");
    ThawOptions options;
    options.saved_model = "saved";
    options.optimizer = "adam";
    const ThawReport report = thaw_model(model, "out/m", options, memory);
    EXPECT_FALSE(to_json(report).empty());
    EXPECT_TRUE(verify_model(model, "out/m", {}, memory).verified());
    freeze_model("out/m", "again.pb", {}, memory);
    memory->files()["was.pb"] = graph_text::graph_bytes(kSharedModel);
    EXPECT_FALSE(diff_models("was.pb", "again.pb", {}, memory).differs());
    EXPECT_FALSE(to_json(inspect("saved", {}, memory)).empty());
    transplant_model(model, "out/m", "put/m", {}, memory);
  });
}

TEST(Threads, OneModelForAll) {
  const auto memory = std::make_shared<MemoryDestination>();
  memory->files()["m.pb"] = graph_text::graph_bytes(kSharedModel);
  const LoadedModel model = LoadedModel::open("m.pb", {}, memory);
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < model.graph().weights.size(); ++i) expected.push_back(model.value(i)->bytes());
  ASSERT_EQ(expected.size(), 3U);
  on_all_threads([&](int) {
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(model.value(i)->bytes(), expected[i]);
    for (std::size_t i = 0; i < model.node_count(); ++i) EXPECT_FALSE(model.node(i).name.empty());
  });
}

TEST(Threads, OneFolderForAll) {
  const std::filesystem::path folder = folder_of_test();
  on_all_threads([&](int thread) {
    ThawOptions options;
    options.force = true;
    options.sync = false;
    const SourcePtr model = memory_source(graph_text::graph_bytes(kSharedModel), "model");
    thaw_model(model, folder / ("m" + std::to_string(thread)), options);
    thaw_model(model, folder / "same", options);
  });
  for (const char* name : {"m0", "m1", "m2", "m3", "same"})
    EXPECT_TRUE(verify_checkpoint(folder / name).verified()) << name;
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace thaw::internal
