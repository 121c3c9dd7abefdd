#include "checkpoint/v1_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Path = std::filesystem::path;

TEST(V1Files, AreAllThatTheNameMeans) {
  MemoryDestination files;
  for (const char* name :
       {"d/one", "d/m.ckpt-00000-of-00002", "d/m.ckpt-00001-of-00002", "d/n.ckpt-00001-of-00002"})
    files.files()[name] = "";
  const Path first = "d/m.ckpt-00000-of-00002", second = "d/m.ckpt-00001-of-00002";
  for (const char* word :
       {"d/m.ckpt", "d/m.ckpt-?\?\?\?\?-of-00002", "d/m.ckpt-00000-of-00002", "d/m.ckpt-00001-of-00002"})
    EXPECT_THAT(v1_files(files, word), ElementsAre(first, second)) << word;
  EXPECT_THAT(v1_files(files, "d/one"), ElementsAre(Path("d/one")));
  for (const char* word : {"d/m", "d/x", "e/m.ckpt", "d/m.ckpt-0000"})
    EXPECT_THAT(v1_files(files, word), IsEmpty()) << word;
  EXPECT_THAT([&] { v1_files(files, "d/n.ckpt"); },
              throws_error(ErrorKind::input_io, "n.ckpt-00000-of-00002"));
}

TEST(V1Files, HaveABaseInCommon) {
  EXPECT_EQ(v1_base("d/m.ckpt-?\?\?\?\?-of-00002"), Path("d/m.ckpt"));
  EXPECT_EQ(v1_base("d/m.ckpt-00001-of-00002"), Path("d/m.ckpt"));
  for (const char* name :
       {"d/m.ckpt", "d/m.ckpt-00001-of-00000", "-00001-of-00002", "d/m.ckpt-0001-of-00002"})
    EXPECT_EQ(v1_base(name), Path(name));
}

}  // namespace
}  // namespace thaw::internal
