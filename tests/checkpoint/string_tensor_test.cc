#include "checkpoint/string_tensor.h"

#include <rapidcheck/gtest.h>
#include <sys/mman.h>

#include "checkpoint/bundle_fixture.h"
#include "io/crc32c.h"

namespace thaw::internal {
namespace {

Value strings_of(std::vector<std::string> elements) {
  const auto count = static_cast<std::int64_t>(elements.size());
  return Value::from_strings(Shape({count}), std::move(elements));
}

struct Stored {
  std::string bytes;
  std::uint32_t crc;
};

Stored store(const Value& value) {
  Stored stored;
  stored.crc = pour_string_tensor(value, [&](Bytes bytes) { stored.bytes.append(bytes); });
  EXPECT_EQ(string_tensor_size(value), stored.bytes.size());
  return stored;
}

std::vector<std::string> load(const Stored& stored, std::int64_t count) {
  const Value value = stored_strings(Shape({count}), memory_source("??" + stored.bytes + "!"),
                                     {2, stored.bytes.size()}, stored.crc);
  std::vector<std::string> elements;
  value.for_each_string([&](Bytes element) { elements.emplace_back(element); });
  return elements;
}

TEST(StringTensor, WorkedBytes) {
  const std::vector<std::tuple<std::vector<std::string>, std::string, std::string>> table = {
      {{"ab", ""}, "02 00 78 27 0b 34 61 62", "91 88 b0 4d"},
      {{"x"}, "01 1d 15 82 65 78", "c1 cb 47 58"},
      {{}, "d8 ea 82 a2", "f6 c1 0c 64"},
  };
  for (const auto& [elements, hex, crc] : table) {
    const Stored stored = store(strings_of(elements));
    EXPECT_EQ(to_hex(stored.bytes), hex);
    EXPECT_EQ(to_hex(raw(std::vector{mask_crc(stored.crc)})), crc);
  }
}

RC_GTEST_PROP(StringTensor, RoundTrip, (const std::vector<std::string>& elements)) {
  RC_ASSERT(load(store(strings_of(elements)), static_cast<std::int64_t>(elements.size())) == elements);
}

TEST(StringTensor, ElementsLargerThanAnyBuffer) {
  const std::vector<std::string> elements = {"a", std::string(200000, 'b'), "", std::string(65536, 'c'),
                                             std::string(65537, 'd')};
  EXPECT_EQ(load(store(strings_of(elements)), 5), elements);
}

TEST(StringTensor, EveryChangedBitAndEveryCutIsFound) {
  const std::vector<std::string> elements = {"ab", "", std::string(130, 'x')};
  const Stored whole = store(strings_of(elements));
  for (std::size_t bit = 0; bit < whole.bytes.size() * 8; ++bit) {
    Stored changed = whole;
    changed.bytes[bit / 8] = static_cast<char>(changed.bytes[bit / 8] ^ (1 << bit % 8));
    EXPECT_THROW(load(changed, 3), Error) << bit;
  }
  for (std::size_t size = 0; size < whole.bytes.size(); ++size) {
    EXPECT_THROW(load({whole.bytes.substr(0, size), whole.crc}, 3), Error) << size;
  }
}

TEST(StringTensor, RefusedBytes) {
  const auto refused = [](std::string_view part, const std::string& hex, std::int64_t count) {
    SCOPED_TRACE(hex);
    expect_error(ErrorKind::malformed, part, [&] { load({from_hex(hex), 0}, count); });
  };
  refused("strings in 20 bytes", std::string(60, '0').substr(0, 40), std::int64_t{1} << 40);
  refused("strings in 3 bytes", "00 00 00", 0);
  refused("cut off", "80 00 00 00 00", 1);
  refused("string 0 of 9223372036854775808 bytes", "80 80 80 80 80 80 80 80 80 01 00 00 00 00", 1);
  refused("string 1 of 18446744073709551615 bytes", "01 ff ff ff ff ff ff ff ff ff 01 00 00 00 00 61", 2);
  refused("strings of 1 bytes in a place for 2", "01 00 00 00 00 61 62", 1);
  refused("the checksum of the strings' lengths", "01 00 00 00 00 61", 1);
  const Stored stored = store(strings_of({"a"}));
  expect_error(ErrorKind::malformed, "the checksum of the strings is wrong",
               [&] { load({stored.bytes, stored.crc + 1}, 1); });
}

// One element that is all of a stretch of memory.
class OneElement final : public ValueBody {
 public:
  explicit OneElement(Bytes element) : element_(element) {}
  bool seekable() const override { return false; }
  std::unique_ptr<ByteStream> open(std::uint64_t) const override { return nullptr; }
  void for_each_string(const std::function<void(Bytes)>& sink) const override { sink(element_); }

 private:
  Bytes element_;
};

TEST(StringTensor, LengthsAboveFourGibibytesCountWithEightBytes) {
  const std::size_t size = (std::size_t{1} << 32) + 1;
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  const Value value(DType::string, Shape(),
                    std::make_shared<OneElement>(Bytes(static_cast<char*>(memory), size)));
  std::string head;
  std::uint64_t total = 0;
  pour_string_tensor(value, [&](Bytes bytes) {
    if (total < 9) head.append(bytes);
    total += bytes.size();
  });
  ::munmap(memory, size);
  EXPECT_EQ(total, size + 9);
  EXPECT_EQ(to_hex(head.substr(0, 5)), "81 80 80 80 10");
  const std::uint32_t crc = crc32c(from_hex("01 00 00 00 01 00 00 00"));
  EXPECT_EQ(head.substr(5), raw(std::vector{mask_crc(crc)}));
}

}  // namespace
}  // namespace thaw::internal
