#include "io/publication.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "io/checkpoint_world.h"
#include "io/fault_destination.h"
#include "thaw/error.h"

namespace thaw::internal {
namespace {

// A graph that was exported without a checkpoint is somebody's; only the data beside it came from the killed
// run.
TEST(Publication, HealingKeepsWhatTheKilledRunHadNotReplaced) {
  const SetNames names(kPrefix);
  const Files killed = {{names.member(".data-00000-of-00001"), "new data"},
                        {names.member(".meta"), "old meta"},
                        {names.path({SetFileKind::staged, ".meta", "run-0"}), "new meta"},
                        {names.path({SetFileKind::committing, ".index", "run-0"}), "new index"}};
  for (int at = 0;; ++at) {
    auto memory = std::make_shared<MemoryDestination>();
    memory->files() = killed;
    const auto faulty = std::make_shared<FaultDestination>(memory, Fault::death, at);
    try {
      Publication(faulty, {.force = true, .sync = true, .stop = {}}).begin_set(kPrefix);
    } catch (const Death&) {
    }
    {
      Publication(memory, {.force = true, .sync = true, .stop = {}}).begin_set(kPrefix);
    }
    EXPECT_EQ(memory->files(), (Files{{names.member(".meta"), "old meta"}})) << "killed at operation " << at;
    if (!faulty->struck()) break;
  }
}

TEST(Publication, NamesWhatIsInTheWay) {
  auto memory = std::make_shared<MemoryDestination>();
  const Files before = set_under(kPrefix, {"old", 1, true});
  memory->files() = before;
  try {
    publish(memory, kPrefix, kNew, {});
    FAIL() << "published over a checkpoint";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::output_exists);
    for (const auto& [path, content] : before)
      EXPECT_THAT(error.problem(), testing::HasSubstr(path.string()));
  }
  EXPECT_EQ(memory->files(), before);
}

TEST(Publication, RefusesASetThatAppearedMeanwhile) {
  auto memory = std::make_shared<MemoryDestination>();
  Publication out(memory);
  out.begin_set(kPrefix);
  out.stage(".index", 3).append("new");
  out.finish(".index");
  memory->files()[kPrefix + ".index"] = "other";
  EXPECT_THROW(out.commit(), Error);
  EXPECT_EQ(memory->files()[kPrefix + ".index"], "other");
}

TEST(Publication, WithoutCommitLeavesNothing) {
  const TemporaryFolder folder;
  {
    Publication out(posix_destination());
    out.begin_set(folder.path() / "a/b/model.ckpt");
    out.stage(".data-00000-of-00001", 4).append("half");
    out.stage(".meta", 4).append("meta");
    out.finish(".meta");
    EXPECT_EQ(files_in(folder.path() / "a/b").size(), 2U);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Publication, StopsWhereItIsAskedTo) {
  for (int calls = 0;; ++calls) {
    const TemporaryFolder folder;
    int left = calls;
    bool stopped = false;
    const auto stop = [&] { return left-- <= 0; };
    try {
      publish(posix_destination(), (folder.path() / "new/model.ckpt").string(), kNew,
              {.force = false, .sync = false, .stop = stop});
    } catch (const Error& error) {
      stopped = true;
      EXPECT_EQ(error.kind(), ErrorKind::interrupted);
      EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "asked " << calls << " times";
    }
    if (stopped) continue;
    EXPECT_GT(calls, 6);
    EXPECT_EQ(files_in(folder.path() / "new").size(), 4U);
    break;
  }
}

TEST(Publication, LeavesRunsThatGoOnAlone) {
  const TemporaryFolder folder;
  const auto prefix = folder.path() / "model.ckpt";
  Publication first(posix_destination(), {.force = true, .sync = false, .stop = {}});
  first.begin_set(prefix);
  first.stage(".index", 0).append("first");
  publish(posix_destination(), prefix.string(), kNew, {});
  EXPECT_EQ(whole_under(files_in(folder.path()), prefix.string()), "new");
  first.finish(".index");
  first.commit();
  EXPECT_EQ(files_in(folder.path()).at(prefix.string() + ".index"), "first");
  EXPECT_FALSE(std::filesystem::exists(prefix.string() + ".meta")) << "the last to publish wins completely";
}

TEST(Publication, WaitsForNobodyWhoPublishesWithoutLocks) {
  auto memory = std::make_shared<MemoryDestination>();
  struct AllAlive : FaultDestination {
    using FaultDestination::FaultDestination;
    bool run_alive(std::string_view) const override { return true; }
  };
  auto destination = std::make_shared<AllAlive>(memory, Fault::none, 0);
  memory->files()["models/.model.ckpt.index.thaw-77-0.commit"] = "x";
  const Files before = memory->files();
  EXPECT_THROW(Publication(destination).begin_set(kPrefix), Error);
  EXPECT_EQ(memory->files(), before);
}

TEST(Publication, ReopensWhatWasStaged) {
  auto memory = std::make_shared<MemoryDestination>();
  Publication out(memory);
  out.begin_set(kPrefix);
  OutputFile& file = out.stage(".meta", 6);
  file.append("abc");
  file.append("def");
  EXPECT_THROW(out.reopen(".meta"), Error);
  out.finish(".meta");
  std::string bytes(6, ' ');
  out.reopen(".meta")->read_at(0, std::as_writable_bytes(std::span(bytes)));
  EXPECT_EQ(bytes, "abcdef");
  EXPECT_THROW(out.commit(), Error) << "there is no index";
}

}  // namespace
}  // namespace thaw::internal
