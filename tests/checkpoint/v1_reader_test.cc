// Checkpoints of the first format, made here entry by entry.
#include "checkpoint/v1_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "checkpoint/v1_fixture.h"
#include "support/throws_error.h"

namespace thaw::internal {
namespace {

using namespace v1_fixture;

std::vector<float> numbers_of(const V1Reader& reader, const std::string& name) {
  for (const V1Tensor& tensor : reader.tensors()) {
    if (tensor.name != name) continue;
    const Value value = reader.value(tensor);
    std::vector<float> numbers(static_cast<std::size_t>(value.element_count()));
    value.open()->read(std::as_writable_bytes(std::span(numbers)));
    return numbers;
  }
  return {};
}

TEST(V1Reader, ReadsWhatIsThere) {
  const V1Reader reader(memory_source(file_of(kTensors)));
  ASSERT_EQ(reader.tensors().size(), 3u);
  EXPECT_THAT(numbers_of(reader, "b"), testing::ElementsAre(0.5f, -1.0f));
  EXPECT_THAT(numbers_of(reader, "scalar"), testing::ElementsAre(7));
  EXPECT_THAT(numbers_of(reader, "cut"), testing::ElementsAre(1, 2, 3, 4));
}

TEST(V1Reader, ReadsFromAnyPlaceOn) {
  const V1Reader reader(memory_source(file_of(kTensors)));
  float last = 0;
  reader.value(reader.tensors()[2]).open(12)->read(std::as_writable_bytes(std::span(&last, 1)));
  EXPECT_EQ(last, 4);
}

TEST(V1Reader, IsToldByItsEnd) {
  const std::string file = file_of(kTensors);
  EXPECT_TRUE(ends_as_table(*memory_source(file)));
  EXPECT_FALSE(ends_as_table(*memory_source(file.substr(0, file.size() - 1))));
  EXPECT_FALSE(ends_as_table(*memory_source("")));
}

TEST(V1Reader, RefusesEveryCut) {
  const std::string file = file_of(kTensors);
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_THAT([&] { V1Reader reader(memory_source(file.substr(0, size))); }, testing::Throws<Error>())
        << size;
  }
}

TEST(V1Reader, RefusesListsThatMakeNoSense) {
  const std::vector<std::pair<Tensor, const char*>> wrong = {
      {{"", Shape({1}), {}}, "without a name"},
      {{"w", Shape({-1}), {}}, "without a name, a shape"},
  };
  for (const auto& [tensor, what] : wrong) {
    const std::string file = file_of({tensor});
    EXPECT_THAT([&] { V1Reader reader(memory_source(file)); }, throws_error(ErrorKind::malformed, what));
  }
  const V1Reader gap(memory_source(file_of({{"w", Shape({2}), {{{{0, 1}}, {1}}}}})));
  EXPECT_THAT([&] { gap.value(gap.tensors()[0]); }, throws_error(ErrorKind::malformed, "tensor 'w'"));
  const V1Reader few(memory_source(file_of({{"w", Shape({2}), {{{{0, 1}}, {1}}, {{{1, 1}}, {1, 2, 3}}}}})));
  EXPECT_THAT(numbers_of(few, "w"), testing::SizeIs(2));
}

}  // namespace
}  // namespace thaw::internal
