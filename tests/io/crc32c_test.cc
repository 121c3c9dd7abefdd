#include "io/crc32c.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

namespace thaw::internal {
namespace {

struct Vector {
  std::string bytes;
  std::uint32_t crc;
  std::uint32_t masked;
};

std::string counting(int from, int step) {
  std::string bytes(32, '\0');
  for (int i = 0; i < 32; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<char>(from + step * i);
  return bytes;
}

// RFC 3720, appendix B.4, and the catalogue's check value for "123456789".
const std::vector<Vector> kPublished = {
    {"", 0x00000000, 0xa282ead8},
    {std::string(4, '\0'), 0x48674bc7, 0x3a117ba6},
    {"123456789", 0xe3069283, 0xc78ab0e5},
    {std::string(32, '\0'), 0x8a9136aa, 0x0fd7fffa},
    {std::string(32, '\xff'), 0x62a8ab43, 0xf909b029},
    {counting(0, 1), 0x46dd794e, 0x951f7892},
    {counting(31, -1), 0x113fdb5c, mask_crc(0x113fdb5c)},
};

TEST(Crc32c, PublishedVectors) {
  for (const Vector& vector : kPublished) {
    EXPECT_EQ(crc32c(vector.bytes), vector.crc);
    EXPECT_EQ(crc32c_extend_portable(0, vector.bytes), vector.crc);
    EXPECT_EQ(mask_crc(vector.crc), vector.masked);
    EXPECT_EQ(unmask_crc(vector.masked), vector.crc);
  }
}

TEST(Crc32c, BothWaysAgreeAtEveryLengthAndAlignment) {
  std::string bytes(700, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * i * 31 + i / 7);
  for (std::size_t from = 0; from < 17; ++from) {
    for (std::size_t size = 0; size < 600; ++size) {
      const Bytes part = Bytes(bytes).substr(from, size);
      ASSERT_EQ(crc32c_extend(0x12345678, part), crc32c_extend_portable(0x12345678, part))
          << from << " " << size;
    }
  }
}

TEST(Crc32c, BothWaysAgreeOnALargeBuffer) {
  std::string bytes((3u << 20) + 5, '\0');
  std::uint32_t state = 1;
  for (char& c : bytes) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  EXPECT_EQ(crc32c(bytes), crc32c_extend_portable(0, bytes));
}

RC_GTEST_PROP(Crc32c, ExtendingIsTheSameAsOnePiece, (const std::string& a, const std::string& b)) {
  RC_ASSERT(crc32c_extend(crc32c(a), b) == crc32c(a + b));
  RC_ASSERT(crc32c_extend_portable(crc32c(a), b) == crc32c(a + b));
}

RC_GTEST_PROP(Crc32c, CombineIsTheSameAsOnePiece, (const std::string& a, const std::string& b)) {
  RC_ASSERT(crc32c_combine(crc32c(a), crc32c(b), b.size()) == crc32c(a + b));
}

RC_GTEST_PROP(Crc32c, UnmaskUndoesMask, (std::uint32_t crc)) { RC_ASSERT(unmask_crc(mask_crc(crc)) == crc); }

TEST(Crc32c, CombineOverLongTails) {
  const std::string zeros(1u << 20, '\0');
  std::uint32_t crc = crc32c("head");
  std::uint32_t tail = 0;
  for (int i = 0; i < 5; ++i) {
    tail = crc32c_extend(tail, zeros);
    crc = crc32c_extend(crc, zeros);
    EXPECT_EQ(crc32c_combine(crc32c("head"), tail, static_cast<std::uint64_t>(i + 1) << 20), crc);
  }
}

}  // namespace
}  // namespace thaw::internal
