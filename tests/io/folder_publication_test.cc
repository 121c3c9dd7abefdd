#include "io/folder_publication.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/checkpoint_world.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum ErrorKind;
using Path = std::filesystem::path;

PublicationOptions forced() {
  PublicationOptions options;
  options.force = true;
  return options;
}

std::map<Path, std::string> read_all(const Destination& files, const Path& folder) {
  std::map<Path, std::string> all;
  for (const Path& path : files_below(files, folder)) {
    const SourcePtr file = files.open(folder / path);
    std::string text(static_cast<std::size_t>(file->size()), '\0');
    file->read_at(0, std::as_writable_bytes(std::span(text)));
    all[path] = text;
  }
  return all;
}

void publish(const std::shared_ptr<Destination>& files, const Path& path, const std::string& text,
             const PublicationOptions& options = {}) {
  FolderPublication out(files, path, options);
  out.add("model.pb", memory_source(text));
  out.add(Path("inner") / "deeper" / "file", memory_source(text + text));
  out.commit();
}

TEST(FolderPublication, WritesAllOrNothing) {
  const TemporaryFolder folder;
  const auto files = posix_destination();
  const Path out = folder.path() / "new" / "saved";
  publish(files, out, "one");
  const std::map<Path, std::string> one{{"inner/deeper/file", "oneone"}, {"model.pb", "one"}};
  EXPECT_EQ(read_all(*files, out), one);
  EXPECT_THAT([&] { publish(files, out, "two"); }, throws_error(output_exists, "saved"));
  {
    FolderPublication(files, out, forced()).add("model.pb", memory_source("two"));
  }
  EXPECT_EQ(read_all(*files, out), one);
  publish(files, out, "two", forced());
  EXPECT_EQ(read_all(*files, out).at("model.pb"), "two");
  EXPECT_THAT(files->list(folder.path() / "new"), ElementsAre("saved"));
}

TEST(FolderPublication, LeavesNoFolderBehind) {
  const TemporaryFolder folder;
  const auto files = posix_destination();
  {
    FolderPublication(files, folder.path() / "a" / "b", {}).add("x", memory_source("1"));
  }
  EXPECT_THAT(files->list(folder.path()), IsEmpty());
}

// The moment between the two renames.
TEST(FolderPublication, PutsBackWhatAKilledRunHadMoved) {
  const TemporaryFolder folder;
  const auto files = posix_destination();
  const Path out = folder.path() / "saved";
  publish(files, out, "one");
  files->rename(out, folder.path() / ".saved.thaw-replaced");
  publish(files, folder.path() / ".saved.thaw-1-1-7", "staged by a run that is dead");
  EXPECT_THAT([&] { publish(files, out, "two"); }, throws_error(output_exists, "saved"));
  EXPECT_EQ(read_all(*files, out).at("model.pb"), "one");
  EXPECT_THAT(files->list(folder.path()), ElementsAre("saved"));
}

TEST(FolderPublication, RemovesLinksAndNotWhatTheyLeadTo) {
  const TemporaryFolder folder;
  const auto files = posix_destination();
  const Path out = folder.path() / "saved";
  publish(files, folder.path() / "elsewhere", "kept");
  publish(files, out, "one");
  std::filesystem::create_directory_symlink(folder.path() / "elsewhere", out / "link");
  publish(files, out, "two", forced());
  EXPECT_EQ(read_all(*files, folder.path() / "elsewhere").at("model.pb"), "kept");
}

TEST(FolderPublication, WorksInMemory) {
  const auto files = std::make_shared<MemoryDestination>();
  publish(files, "saved", "one");
  publish(files, "saved", "two", forced());
  EXPECT_EQ(files->files(),
            (std::map<Path, std::string>{{"saved/inner/deeper/file", "twotwo"}, {"saved/model.pb", "two"}}));
}

}  // namespace
}  // namespace thaw::internal
