#include "io/blame.h"

#include <gtest/gtest.h>

#include "io/checkpoint_world.h"
#include "io/read_back.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using enum ErrorKind;

Error thrown(ErrorKind from, ErrorKind to) {
  try {
    blaming(to, [&] { throw Error(from, "broken", "whole", "mend it").at("inner").at("outer"); });
  } catch (const Error& error) {
    return error;
  }
  return Error(bug, "nothing was thrown");
}

TEST(Blame, MovesFailuresOfFilesFromOneSideToTheOther) {
  const Error output = thrown(input_io, output_io);
  EXPECT_EQ(output.kind(), output_io);
  EXPECT_EQ(output.problem(), "broken");
  EXPECT_EQ(output.hint(), "mend it");
  EXPECT_EQ(output.places(), (std::vector<std::string>{"outer", "inner"}));
  const Error input = thrown(output_io, input_io);
  EXPECT_EQ(input.kind(), input_io);
  EXPECT_EQ(input.problem(), "broken");
  EXPECT_EQ(input.places(), (std::vector<std::string>{"outer", "inner"}));
}

TEST(Blame, LeavesOtherErrorsAlone) {
  for (const ErrorKind kind : {usage, malformed, output_exists, interrupted, bug})
    EXPECT_EQ(thrown(kind, input_io).kind(), kind);
  EXPECT_EQ(thrown(input_io, input_io).hint(), "mend it");
  EXPECT_EQ(blaming(input_io, [] { return 7; }), 7);
}

TEST(Blame, ReadingBackBlamesTheOutput) {
  const TemporaryFolder folder;
  const auto files = posix_destination();
  const std::filesystem::path path = folder.path() / "written";
  EXPECT_THAT([&] { read_back(*files, path); }, throws_error(output_io, "written"));
  files->create(path, 4)->append("four");
  const SourcePtr written = read_back(*files, path);
  EXPECT_EQ(written->size(), 4u);
  std::filesystem::resize_file(path, 2);
  std::string bytes(4, ' ');
  EXPECT_THAT([&] { written->read_at(0, std::as_writable_bytes(std::span(bytes))); },
              throws_error(output_io, "ends before byte 4"));
}

TEST(Blame, NoPlaceIsToldTwice) {
  EXPECT_EQ(Error(malformed, "broken").at("file").at("file").places(), std::vector<std::string>{"file"});
}

}  // namespace
}  // namespace thaw::internal
