#include "io/set_files.h"

#include "gtest/gtest.h"
#include "thaw/error.h"

namespace thaw::internal {
namespace {

TEST(SetNames, RefusesPrefixesThatCannotBe) {
  for (const char* prefix : {"", "models/", ".", "a/..", "model.ckpt.replaced"}) {
    EXPECT_THROW(SetNames{prefix}, Error) << prefix;
  }
}

TEST(SetNames, RecognisesWhatItNames) {
  const SetNames names("dir/a.b");
  for (const std::string suffix : {".index", ".meta", ".data-00000-of-00001", ".data-123456-of-200000"}) {
    for (const SetFile& file :
         {SetFile{SetFileKind::member, suffix, ""}, SetFile{SetFileKind::replaced, suffix, ""},
          SetFile{SetFileKind::staged, suffix, "1-2-3"}, SetFile{SetFileKind::committing, suffix, "1-2-3"},
          SetFile{SetFileKind::restoring, suffix, "0"}}) {
      const auto back = names.recognise(names.path(file).filename().string());
      ASSERT_TRUE(back.has_value()) << names.path(file);
      EXPECT_EQ(back->kind, file.kind);
      EXPECT_EQ(back->suffix, file.suffix);
      EXPECT_EQ(back->run, file.run);
    }
  }
  for (const char* name : {"a.b", "a.b.", "a.b.data-0-of-1", "a.b.data-00000-of-0000x", "a.b.indexes",
                           "a.bc.index", "a.b-1.index", ".a.b.index", ".a.b.index.thaw-", ".a.b.foo.thaw-1-2",
                           "a.b.state", "a.b.data-00000-of-00001.tempstate1", ".a.b.index.thaw-1.2"}) {
    EXPECT_FALSE(names.recognise(name).has_value()) << name;
  }
}

}  // namespace
}  // namespace thaw::internal
