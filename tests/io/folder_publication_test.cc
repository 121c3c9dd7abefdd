#include "io/folder_publication.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/checkpoint_world.h"
#include "io/fault_destination.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;
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

// Nothing for a run that ended well; else what it said, or that it died.
std::string outcome(const std::function<void()>& run) {
  try {
    run();
    return "";
  } catch (const Error& error) {
    return "failed: " + error.hint();
  } catch (const Death&) {
    return "died";
  }
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
  EXPECT_THAT(files->list(folder.path() / "new"), ElementsAreArray({"saved"}));
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
  EXPECT_THAT(files->list(folder.path()), ElementsAreArray({"saved"}));
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

TEST(FolderPublication, ReplacesALinkAndNotWhatItLeadsTo) {
  for (const bool swaps : {true, false}) {
    const TemporaryFolder folder;
    const auto files = std::make_shared<FaultDestination>(posix_destination(), Fault::none, 0, true, swaps);
    publish(files, folder.path() / "elsewhere", "kept");
    std::filesystem::create_directory_symlink("elsewhere", folder.path() / "saved");
    publish(files, folder.path() / "saved", "two", forced());
    EXPECT_EQ(read_all(*files, folder.path() / "elsewhere").at("model.pb"), "kept");
    EXPECT_EQ(read_all(*files, folder.path() / "saved").at("model.pb"), "two");
    EXPECT_THAT(files->list(folder.path()), UnorderedElementsAreArray({"elsewhere", "saved"}));
  }
}

// Where folders change places, the old one is whole under its name or the new one is; elsewhere the next run
// puts the old one back. An error that is reported leaves the old one, or says that the new one is complete.
TEST(FolderPublication, IsWholeWhereverItFails) {
  for (const bool swaps : {true, false}) {
    for (const Fault fault : {Fault::error, Fault::death}) {
      PublicationOptions options = forced();
      options.sync = fault == Fault::error;
      for (int at = 0, struck = 1; struck; ++at) {
        const TemporaryFolder folder;
        const Path out = folder.path() / "saved";
        publish(posix_destination(), out, "one", {.force = false, .sync = false, .stop = {}});
        const auto faulty = std::make_shared<FaultDestination>(posix_destination(), fault, at, true, swaps);
        const std::string told = outcome([&] { publish(faulty, out, "two", options); });
        struck = faulty->struck();
        const bool is_there = std::filesystem::exists(out / "model.pb");
        EXPECT_TRUE(is_there || !swaps) << "at " << at;
        const std::string now = is_there ? read_all(*posix_destination(), out).at("model.pb") : "none";
        const bool is_complete = told.empty() || told.find("complete") != std::string::npos;
        if (told != "died") {
          EXPECT_EQ(now, is_complete ? "two" : "one") << "at " << at;
        }
        publish(posix_destination(), out, "three", {.force = true, .sync = false, .stop = {}});
        EXPECT_EQ(read_all(*posix_destination(), out).at("model.pb"), "three");
        EXPECT_THAT(posix_destination()->list(folder.path()), ElementsAreArray({"saved"})) << "at " << at;
      }
    }
  }
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
