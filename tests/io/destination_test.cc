#include "thaw/destination.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "io/checkpoint_world.h"
#include "io/posix_run.h"
#include "support/throws_error.h"
#include "thaw/error.h"

namespace thaw {
namespace {

using internal::files_in;
using internal::TemporaryFolder;

void write(Destination& destination, const std::filesystem::path& path, std::string_view text,
           std::uint64_t expected_size, bool sync) {
  const auto file = destination.create(path, expected_size);
  file->append(text);
  file->close(sync);
}

std::string read(const Destination& destination, const std::filesystem::path& path) {
  const SourcePtr source = destination.open(path);
  std::string bytes(source->size(), '\0');
  source->read_at(0, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

// All of the message has to be there, whichever call failed.
template <typename Call>
std::string output_failure(Call call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::output_io);
    EXPECT_NE(error.expected(), "");
    EXPECT_NE(error.hint(), "");
    return error.problem();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

// What both destinations have to do alike.
class EachDestination : public testing::TestWithParam<bool> {
 protected:
  EachDestination() {
    if (GetParam()) {
      destination_ = posix_destination();
    } else {
      destination_ = std::make_shared<MemoryDestination>();
    }
  }
  std::filesystem::path at(const std::string& name) const { return folder_.path() / name; }

  TemporaryFolder folder_;
  std::shared_ptr<Destination> destination_;
};

INSTANTIATE_TEST_SUITE_P(Kind, EachDestination, testing::Bool(),
                         [](const auto& each) { return each.param ? "posix" : "memory"; });

TEST_P(EachDestination, WritesWhatWasAppended) {
  // Around the size from which space is reserved, promised too little, right and too much.
  for (const std::size_t size : {0UL, 1UL, 1048575UL, 1048576UL, 1500000UL}) {
    for (const std::uint64_t expected :
         {std::uint64_t{0}, std::uint64_t{size}, std::uint64_t{size * 2 + 1}}) {
      for (const bool sync : {false, true}) {
        std::string text(size, 'x');
        for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 >> 3);
        write(*destination_, at("file"), text, expected, sync);
        EXPECT_TRUE(read(*destination_, at("file")) == text) << size << " bytes, " << expected << " expected";
        destination_->remove(at("file"));
      }
    }
  }
}

TEST_P(EachDestination, NeverWritesOverAFile) {
  write(*destination_, at("a"), "first", 5, false);
  output_failure([&] { destination_->create(at("a"), 5); });
  EXPECT_EQ(read(*destination_, at("a")), "first");
}

TEST_P(EachDestination, RenamesOverWhatIsThere) {
  write(*destination_, at("a"), "first", 5, false);
  write(*destination_, at("b"), "second", 6, false);
  destination_->rename(at("a"), at("b"));
  EXPECT_EQ(read(*destination_, at("b")), "first");
  EXPECT_FALSE(destination_->exists(at("a")));
  output_failure([&] { destination_->rename(at("a"), at("b")); });
}

// Where that cannot be done nothing is done.
TEST_P(EachDestination, ChangesThePlacesOfTwo) {
  write(*destination_, at("a"), "first", 5, false);
  write(*destination_, at("b"), "second", 6, false);
  const bool done = destination_->exchange(at("a"), at("b"));
  EXPECT_EQ(read(*destination_, at("a")), done ? "second" : "first");
  EXPECT_EQ(read(*destination_, at("b")), done ? "first" : "second");
  if (done) output_failure([&] { destination_->exchange(at("a"), at("none")); });
}

TEST(PosixDestination, TouchesNoPipe) {
  const TemporaryFolder folder;
  const auto destination = posix_destination();
  const std::filesystem::path pipe = folder.path() / "pipe", file = folder.path() / "file";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  write(*destination, file, "text", 4, false);
  const auto refused = internal::throws_error(ErrorKind::output_exists, "a device, a pipe or a socket");
  EXPECT_THAT([&] { destination->rename(file, pipe); }, refused);
  EXPECT_THAT([&] { destination->hard_link(pipe, folder.path() / "other"); }, refused);
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

TEST_P(EachDestination, LinksKeepTheBytes) {
  write(*destination_, at("a"), "first", 5, false);
  ASSERT_TRUE(destination_->hard_link(at("a"), at("b")));
  output_failure([&] { destination_->hard_link(at("a"), at("b")); });
  output_failure([&] { destination_->hard_link(at("none"), at("c")); });
  destination_->remove(at("a"));
  EXPECT_EQ(read(*destination_, at("b")), "first");
}

TEST_P(EachDestination, ListsWhatLiesInAFolder) {
  EXPECT_THAT(destination_->list(folder_.path()), testing::IsEmpty());
  EXPECT_THAT(destination_->list(at("none")), testing::IsEmpty());
  write(*destination_, at("a"), "", 0, false);
  write(*destination_, at(".b"), "", 0, false);
  EXPECT_THAT(destination_->list(folder_.path()), testing::UnorderedElementsAreArray({"a", ".b"}));
}

TEST_P(EachDestination, RemovesWhatIsThere) {
  write(*destination_, at("a"), "", 0, false);
  destination_->remove(at("a"));
  destination_->remove(at("a"));
  EXPECT_FALSE(destination_->exists(at("a")));
  EXPECT_THROW(destination_->open(at("a")), Error);
}

TEST(PosixDestination, MakesFoldersAndTellsWhich) {
  const TemporaryFolder folder;
  const auto destination = posix_destination();
  const auto deep = folder.path() / "a/b/c";
  EXPECT_THAT(destination->make_folders(deep),
              testing::ElementsAre(folder.path() / "a", folder.path() / "a/b", deep));
  EXPECT_THAT(destination->make_folders(deep), testing::IsEmpty());
  EXPECT_THAT(destination->make_folders(deep / ""), testing::IsEmpty());
  EXPECT_THAT(destination->make_folders(""), testing::IsEmpty());
  destination->remove_empty_folder(folder.path() / "a");
  EXPECT_TRUE(std::filesystem::exists(deep)) << "a folder that is not empty stays";
  destination->remove_empty_folder(deep);
  EXPECT_FALSE(std::filesystem::exists(deep));
}

TEST(PosixDestination, NamesTheFolderThatCannotBe) {
  const TemporaryFolder folder;
  const auto destination = posix_destination();
  write(*destination, folder.path() / "file", "", 0, false);
  const std::string problem = output_failure([&] { destination->make_folders(folder.path() / "file/b/c"); });
  EXPECT_THAT(problem, testing::HasSubstr((folder.path() / "file").string() + "'"));
  output_failure([&] { destination->make_folders(folder.path() / "new" / std::string(256, 'x')); });
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "new")) << "what was made on the way is removed";
}

TEST(PosixDestination, SaysWhyAFileCannotBeMade) {
  const TemporaryFolder folder;
  const auto destination = posix_destination();
  const auto create = [&](const std::filesystem::path& path, std::uint64_t size = 0) {
    return output_failure([&] { destination->create(path, size); });
  };
  EXPECT_THAT(create(folder.path() / "none/a"), testing::HasSubstr("No such file"));
  EXPECT_THAT(create(folder.path() / std::string(256, 'x')), testing::HasSubstr("File name too long"));
  EXPECT_THAT(create(folder.path()), testing::HasSubstr("File exists"));
  create(folder.path() / "huge", std::uint64_t{1} << 60);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "a file without room is not begun";
  output_failure([&] { destination->sync_folder(folder.path() / "none"); });
}

TEST(PosixDestination, ReportsAWriteThatFails) {
  const TemporaryFolder folder;
  const auto destination = posix_destination();
  const auto file = destination->create(folder.path() / "a", 0);
  rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {100, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string problem = output_failure([&] { file->append(std::string(1000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(problem, testing::AllOf(testing::HasSubstr("File too large"),
                                      testing::HasSubstr((folder.path() / "a").string())));
}

TEST(PosixDestination, MakesFilesAsTheUmaskSays) {
  const TemporaryFolder folder;
  for (const mode_t mask : {mode_t{0022}, mode_t{0027}, mode_t{0}}) {
    const mode_t before = ::umask(mask);
    const auto path = folder.path() / std::to_string(mask);
    write(*posix_destination(), path, "", 0, false);
    ::umask(before);
    struct stat status = {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0666U & ~mask);
  }
}

TEST(PosixDestination, ADanglingLinkIsInTheWay) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("nowhere", folder.path() / "a");
  EXPECT_TRUE(posix_destination()->exists(folder.path() / "a"));
  output_failure([&] { posix_destination()->create(folder.path() / "a", 0); });
}

TEST(PosixDestination, OneHolderAtATime) {
  const TemporaryFolder folder;
  auto held = posix_destination()->hold(folder.path(), {});
  int asked = 0;
  try {
    posix_destination()->hold(folder.path(), [&] { return ++asked == 2; });
    FAIL() << "two hold the folder";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
  // The second comes in once the first has left.
  const auto leave = [&] {
    held.reset();
    return false;
  };
  EXPECT_NE(posix_destination()->hold(folder.path(), leave), nullptr);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "a lock leaves no file";
}

TEST(PosixRun, KnowsWhoIsAlive) {
  const std::string own = internal::posix_run_mark();
  EXPECT_TRUE(internal::posix_run_alive(own));
  EXPECT_EQ(own, internal::posix_run_mark());
  EXPECT_FALSE(internal::posix_run_alive(own + "1")) << "an earlier process with the same number";
  for (const char* mark : {"", "x", "-", "1", "0-0", "-1-0", "99999999999-1", "x-1", "run3"}) {
    EXPECT_FALSE(internal::posix_run_alive(mark)) << mark;
  }
}

TEST(PosixRun, KnowsWhoIsDead) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string mark = internal::posix_run_mark();
    const bool sent = ::write(ends[1], mark.data(), mark.size()) > 0;
    ::_exit(sent ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  std::string mark(64, '\0');
  const ssize_t size = ::read(ends[0], mark.data(), mark.size());
  ASSERT_GT(size, 0);
  mark.resize(static_cast<std::size_t>(size));
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_THAT(mark, testing::StartsWith(std::to_string(child) + "-"));
  EXPECT_FALSE(internal::posix_run_alive(mark));
}

}  // namespace
}  // namespace thaw
