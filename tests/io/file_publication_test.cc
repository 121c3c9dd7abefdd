#include "io/file_publication.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/fault_destination.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using Files = std::map<std::filesystem::path, std::string>;

void publish(const std::shared_ptr<Destination>& destination, bool force) {
  FilePublication out(destination, "out/a.h5", {.force = force, .sync = true, .stop = {}});
  out.begin(3);
  out.append("new");
  out.finish();
  out.commit();
}

TEST(FilePublication, PutsTheFileInItsPlace) {
  const auto memory = std::make_shared<MemoryDestination>();
  publish(memory, false);
  EXPECT_EQ(memory->files(), (Files{{"out/a.h5", "new"}}));
}

TEST(FilePublication, ReplacesOnlyByForce) {
  const auto memory = std::make_shared<MemoryDestination>();
  memory->files()["out/a.h5"] = "old";
  EXPECT_THAT([&] { publish(memory, false); }, throws_error(ErrorKind::output_exists, "out/a.h5"));
  EXPECT_EQ(memory->files(), (Files{{"out/a.h5", "old"}}));
  publish(memory, true);
  EXPECT_EQ(memory->files(), (Files{{"out/a.h5", "new"}}));
}

TEST(FilePublication, LeavesNothingWithoutACommit) {
  const auto memory = std::make_shared<MemoryDestination>();
  {
    FilePublication out(memory, "out/a.h5", {});
    out.begin(3);
    out.append("new");
  }
  EXPECT_EQ(memory->files(), Files());
}

TEST(FilePublication, IsOldOrNewWhereverItIsKilled) {
  for (int at = 0;; ++at) {
    const auto memory = std::make_shared<MemoryDestination>();
    memory->files()["out/a.h5"] = "old";
    const auto faulty = std::make_shared<FaultDestination>(memory, Fault::death, at);
    try {
      publish(faulty, true);
    } catch (const Death&) {
    }
    EXPECT_TRUE(memory->files()["out/a.h5"] == "old" || memory->files()["out/a.h5"] == "new") << at;
    if (!faulty->struck()) break;
  }
}

}  // namespace
}  // namespace thaw::internal
