#include "checkpoint/bundle_names.h"

#include "checkpoint/bundle_fixture.h"

namespace thaw::internal {
namespace {

TEST(BundleNames, Files) {
  EXPECT_EQ(index_path("a/m.ckpt-7"), "a/m.ckpt-7.index");
  EXPECT_EQ(meta_path("m"), "m.meta");
  EXPECT_EQ(data_path("m"), "m.data-00000-of-00001");
  EXPECT_EQ(data_path("m", 12, 123456), "m.data-00012-of-123456");
}

TEST(BundleNames, PrefixOfAnyMember) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"d/m.ckpt.index", "d/m.ckpt"}, {"m.meta", "m"},      {"m.data-00000-of-00001", "m"},
      {"d/m.ckpt", "d/m.ckpt"},       {"index", "index"},   {"m.data-0-of-x", "m.data-0-of-x"},
      {"d.index/m", "d.index/m"},     {".index", ".index"},
  };
  for (const auto& [path, prefix] : table) EXPECT_EQ(prefix_of(path), prefix) << path;
}

TEST(BundleNames, RefusedPrefixes) {
  for (const char* fine :
       {"m", "d/m.ckpt", "a*b", "a?b", "a b", ".hidden", "checkpoint/m", "a]b", "checkpoint.1"}) {
    EXPECT_NO_THROW(check_prefix(fine)) << fine;
  }
  for (const char* bad : {"", "d/", "d/.", "..", "checkpoint", "d/checkpoint", "a[1]", "d[1]/m", "a\\b"}) {
    expect_error(ErrorKind::usage, "the prefix ", [&] { check_prefix(bad); });
  }
}

}  // namespace
}  // namespace thaw::internal
