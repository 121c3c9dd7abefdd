#include "thaw/source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "io/checkpoint_world.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

std::string read(const Source& source, std::uint64_t at, std::size_t size) {
  std::string bytes(size, '?');
  source.read_at(at, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

void write(const std::filesystem::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

class Sources : public testing::TestWithParam<bool> {
 protected:
  SourcePtr source_of(const std::string& content) {
    if (!GetParam()) return memory_source(content, "here");
    write(folder_.path() / "here", content);
    return open_file(folder_.path() / "here");
  }

 private:
  TemporaryFolder folder_;
};

TEST_P(Sources, GiveAnyStretch) {
  const SourcePtr source = source_of("0123456789");
  EXPECT_EQ(source->size(), 10u);
  EXPECT_TRUE(source->name().ends_with("here"));
  EXPECT_EQ(read(*source, 0, 10), "0123456789");
  EXPECT_EQ(read(*source, 3, 4), "3456");
  EXPECT_EQ(read(*source, 9, 1), "9");
  EXPECT_EQ(read(*source, 10, 0), "");
  EXPECT_EQ(source_of("")->size(), 0u);
}

TEST_P(Sources, RefuseToReadPastTheEnd) {
  const SourcePtr source = source_of("0123456789");
  const std::pair<std::uint64_t, std::size_t> cases[] = {
      {0, 11}, {10, 1}, {11, 1}, {UINT64_MAX, 2}, {UINT64_MAX - 1, 9}};
  for (const auto& one : cases) {
    EXPECT_THAT([&] { read(*source, one.first, one.second); }, throws_error(ErrorKind::input_io, "here"))
        << one.first;
  }
}

INSTANTIATE_TEST_SUITE_P(Source, Sources, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "File" : "Memory"; });

TEST(FileSource, NamesWhatItCannotOpen) {
  const TemporaryFolder folder;
  EXPECT_THAT([&] { open_file(folder.path() / "absent.pb"); },
              throws_error(ErrorKind::input_io, "absent.pb"));
  EXPECT_THAT([&] { open_file(folder.path()); },
              throws_error(ErrorKind::input_io, folder.path().filename().string()));
  EXPECT_THAT([&] { open_file(folder.path() / "a\nb"); }, throws_error(ErrorKind::input_io, "a\\x0ab"));
  EXPECT_THAT([&] { open_file(""); }, throws_error(ErrorKind::input_io, ""));
}

// Nobody writes to the pipe: an open that waited would never come back.
TEST(FileSource, DoesNotWaitForAPipe) {
  const TemporaryFolder folder;
  const std::filesystem::path pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT([&] { open_file(pipe); }, throws_error(ErrorKind::input_io, "pipe"));
}

TEST(FileSource, NoticesThatTheFileWasChanged) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "model.pb";
  write(path, "before");
  const SourcePtr source = open_file(path);
  EXPECT_NO_THROW(source->check_unchanged());
  write(path, "other bytes");
  EXPECT_THAT([&] { source->check_unchanged(); }, throws_error(ErrorKind::input_io, "model.pb"));
}

TEST(FileSource, NoticesThatTheFileWasCutWhileItIsRead) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "model.pb";
  write(path, "before");
  const SourcePtr source = open_file(path);
  write(path, "be");
  EXPECT_THAT([&] { read(*source, 0, 6); }, throws_error(ErrorKind::input_io, "model.pb"));
}

// Replacing a file by renaming another over it leaves what was opened as it was: downloads do so.
TEST(FileSource, GoesOnReadingAFileThatLostItsName) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "model.pb";
  write(path, "before");
  const SourcePtr source = open_file(path);
  std::filesystem::remove(path);
  EXPECT_EQ(read(*source, 0, 6), "before");
}

}  // namespace
}  // namespace thaw::internal
