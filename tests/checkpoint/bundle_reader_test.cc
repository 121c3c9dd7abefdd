#include "checkpoint/bundle_reader.h"

#include <algorithm>

#include "checkpoint/bundle_fixture.h"
#include "checkpoint/joined_value.h"

namespace thaw::internal {
namespace {

std::vector<std::string> keys_of(const BundleReader& reader) {
  std::vector<std::string> keys;
  for (const StoredTensor& tensor : reader.tensors()) keys.push_back(tensor.key);
  return keys;
}

template <typename T>
std::vector<T> counting(std::size_t count) {
  std::vector<T> numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<T>(i);
  return numbers;
}

// tests/data/make_bundles.py made it with TensorFlow, as a sharded save does.
TEST(BundleReader, TwoShardsThatTensorFlowMerged) {
  BundleReader reader = open_bundle(std::filesystem::path(THAW_TEST_DATA "/bundles/two_shards"));
  EXPECT_EQ(reader.shards(), 2u);
  EXPECT_EQ(keys_of(reader), (std::vector<std::string>{"bias", "columns", "rows", "words"}));
  EXPECT_EQ(reader.value("bias").bytes(), raw<float>({1, 2}));
  EXPECT_EQ(reader.value("rows").bytes(), raw(counting<float>(24)));
  EXPECT_EQ(reader.value("rows").shape(), Shape({6, 4}));
  EXPECT_EQ(reader.value("columns").bytes(), raw(counting<std::int64_t>(30)));
  EXPECT_EQ(content_of(reader.value("words")), "1:a2:bc");
  for (const std::string& key : keys_of(reader)) EXPECT_NO_THROW(reader.check(key));
}

TEST(BundleReader, AGridThatTensorFlowCut) {
  BundleReader reader = open_bundle(std::filesystem::path(THAW_TEST_DATA "/bundles/partitioned"));
  EXPECT_EQ(keys_of(reader), (std::vector<std::string>{"grid", "long", "one"}));
  EXPECT_EQ(reader.value("grid").bytes(), raw(counting<float>(48)));
  EXPECT_EQ(reader.value("long").bytes(), std::string(18000, '\0'));
  EXPECT_EQ(reader.value("one").bytes(), raw<float>({1, 2, 3}));
}

TEST(JoinedValue, AnyRangeInAnySteps) {
  for (const auto& [file, key] :
       {std::pair("partitioned", "grid"), {"two_shards", "rows"}, {"two_shards", "columns"}}) {
    BundleReader reader = open_bundle(std::filesystem::path(THAW_TEST_DATA "/bundles") / file);
    const Value value = reader.value(key);
    EXPECT_TRUE(value.seekable());
    const std::string whole = value.bytes();
    for (std::size_t at = 0; at < whole.size(); at += 5) {
      for (const std::size_t step : {1, 7, 192}) {
        const std::unique_ptr<ByteStream> stream = value.open(at);
        std::string read(whole.size() - at, '\0');
        for (std::size_t done = 0; done < read.size(); done += step) {
          stream->read(
              std::as_writable_bytes(std::span(read).subspan(done, std::min(step, read.size() - done))));
        }
        ASSERT_EQ(read, whole.substr(at)) << key << " " << at << " " << step;
      }
    }
  }
}

TEST(JoinedValue, AScalarAndAnEmptyTensor) {
  EXPECT_EQ(join_parts(DType::float32, Shape(), {{{}, floats({}, {3})}}).bytes(), raw<float>({3}));
  EXPECT_EQ(join_parts(DType::float32, Shape({0, 2}), {}).bytes(), "");
}

TEST(BundleReader, OpensThroughADestination) {
  MemoryDestination memory;
  const Bundle bundle = write({{floats({1}, {7})}, {{"a", 0, {}}}});
  memory.files()["d/m.index"] = bundle.index;
  memory.files()["d/m.data-00000-of-00001"] = bundle.data[0];
  BundleReader reader = open_bundle(memory, "d/m");
  EXPECT_EQ(reader.value("a").bytes(), raw<float>({7}));
  EXPECT_EQ(reader.find("b"), nullptr);
  expect_error(ErrorKind::bug, "'b'", [&] { reader.value("b"); });
}

TEST(BundleReader, AnIndexAloneCanBeListed) {
  MemoryDestination memory;
  memory.files()["m.index"] = write({{floats({3}, {7, 8, 9})}, {{"a", 0, {}}}}).index;
  BundleReader reader = open_bundle(memory, "m");
  EXPECT_EQ(reader.find("a")->entry.shape, Shape({3}));
  expect_error(ErrorKind::input_io, "data file 1 of the 1 that the index names", [&] { reader.value("a"); });
}

TEST(BundleReader, EveryChangedBitIsFound) {
  const Bundle sound = small_bundle();
  ASSERT_NO_THROW(everything(sound));
  for (std::size_t bit = 0; bit < sound.index.size() * 8; ++bit) {
    Bundle changed = sound;
    changed.index[bit / 8] = static_cast<char>(changed.index[bit / 8] ^ (1 << bit % 8));
    EXPECT_THROW(everything(changed), Error) << "index, bit " << bit;
  }
  for (std::size_t bit = 0; bit < sound.data[0].size() * 8; ++bit) {
    Bundle changed = sound;
    changed.data[0][bit / 8] = static_cast<char>(changed.data[0][bit / 8] ^ (1 << bit % 8));
    EXPECT_THROW(everything(changed), Error) << "data, bit " << bit;
  }
}

TEST(BundleReader, EveryCutIsFound) {
  const Bundle sound = small_bundle();
  for (std::size_t size = 0; size < sound.index.size(); ++size) {
    EXPECT_THROW(everything({sound.index.substr(0, size), sound.data}), Error) << size;
  }
  for (std::size_t size = 0; size < sound.data[0].size(); ++size) {
    EXPECT_THROW(everything({sound.index, {sound.data[0].substr(0, size)}}), Error) << size;
  }
}

TEST(BundleReader, ValuesReadFromFrontToBackAreVerified) {
  Bundle bundle = write({{floats({3}, {1, 2, 3})}, {{"a", 0, {}}}});
  bundle.data[0][11] = 'x';
  BundleReader reader = bundle.open();
  const Value value = reader.value("a");
  expect_error(ErrorKind::malformed, "m.data-0: the checksum of the 12 bytes at byte 0 is wrong",
               [&] { value.bytes(); });
  StringFile copy;
  expect_error(ErrorKind::malformed, "checksum", [&] { write_bundle({{value}, {{"b", 0, {}}}}, copy); });
  expect_error(ErrorKind::malformed, "tensor 'a': m.data-0: the checksum", [&] { reader.check("a"); });
}

}  // namespace
}  // namespace thaw::internal
