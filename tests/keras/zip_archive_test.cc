#include "keras/zip_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hostile/mutation.h"
#include "keras/crc32.h"
#include "keras/keras_data.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

TEST(Crc32, IsThatOfZip) {
  EXPECT_EQ(crc32_after(0, ""), 0u);
  EXPECT_EQ(crc32_after(0, "123456789"), 0xCBF43926u);
  EXPECT_EQ(crc32_after(crc32_after(0, "12345"), "6789"), 0xCBF43926u);
}

TEST(ZipArchive, FindsMembersAndTheirChecksums) {
  const std::string bytes = keras_data("dense.keras");
  const std::vector<ZipMember> members = read_zip(*memory_source(bytes));
  ASSERT_EQ(members.size(), 3u);
  EXPECT_EQ(members[2].name, "model.weights.h5");
  for (const ZipMember& member : members) {
    EXPECT_EQ(member.fault, "");
    const std::uint32_t crc = crc32_after(0, Bytes(bytes).substr(member.data.at, member.data.size));
    ASSERT_EQ(member.crc_at.size(), 2u);
    for (const std::uint64_t at : member.crc_at) EXPECT_EQ(number_at(bytes, at), crc) << member.name;
  }
}

TEST(ZipArchive, RefusesEveryTruncation) {
  const std::string whole = keras_data("dense.keras");
  for (std::size_t size = 4; size < whole.size(); size += 1 + size / 512) {
    EXPECT_THAT([&] { read_zip(*memory_source(whole.substr(0, size))); },
                throws_error(ErrorKind::malformed, "zip"))
        << size;
  }
}

TEST(ZipArchive, SurvivesDamage) {
  const std::string whole = keras_data("dense.keras");
  Chance chance(5);
  for (int round = 0; round < 3000; ++round) {
    const std::string damaged = mutate_bytes(whole, chance);
    try {
      for (const ZipMember& member : read_zip(*memory_source(damaged)))
        EXPECT_LE(member.data.at + member.data.size, damaged.size());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::malformed) << error.what();
    }
  }
}

}  // namespace
}  // namespace thaw::internal
