#include "checkpoint/bundle_writer.h"

#include <rapidcheck/gtest.h>

#include <fstream>
#include <sstream>

#include "checkpoint/bundle_fixture.h"
#include "checkpoint/slice_place.h"

namespace thaw::internal {
namespace {

std::string file(const std::string& name) {
  std::ifstream in(std::string(THAW_TEST_DATA "/bundles/") + name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

SlicePlace place(std::vector<std::int64_t> full, std::vector<SliceExtent> extents) {
  return {Shape(std::move(full)), std::move(extents)};
}

TEST(BundleWriter, TwoTensors) {
  const Bundle bundle =
      write({{floats({2, 2}, {1, 2, 3, 4}), floats({2}, {0.5, -1})}, {{"w", 0, {}}, {"b", 1, {}}}});
  EXPECT_EQ(to_hex(bundle.data[0]),
            "00 00 00 3f 00 00 80 bf 00 00 80 3f 00 00 00 40 00 00 40 40 00 00 80 40");
  EXPECT_EQ(bundle.index, from_hex(R"(
      00 00 06 08 01 1a 02 08 01 00 01 0f 62 08 01 12 04 12 02 08 02 28 08 35 c5 af 21 52 00 01 15 77
      08 01 12 08 12 02 08 02 12 02 08 02 20 08 28 10 35 4c 28 98 74 00 00 00 00 01 00 00 00 00 db e3
      bd e5 00 00 00 00 01 00 00 00 00 c0 f2 a1 b0 00 01 02 78 00 3d 00 00 00 00 01 00 00 00 00 79 30
      06 f4 42 08 4f 0e 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
      00 00 00 00 00 00 00 00 00 00 57 fb 80 8b 24 75 47 db)"));
}

TEST(BundleWriter, PartitionedTensor) {
  // Handed over in the wrong order: the parts of a key are written by where they begin.
  const Bundle bundle =
      write({{floats({2, 2}, {4, 5, 6, 7}), floats({2, 2}, {0, 1, 2, 3})},
             {{"emb", 0, place({4, 2}, {{2, 2}, {0, 2}})}, {"emb", 1, place({4, 2}, {{0, 2}, {0, 2}})}}});
  EXPECT_EQ(bundle.data[0], raw<float>({0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(bundle.index, from_hex(R"(
      00 00 06 08 01 1a 02 08 01 00 0c 13 00 65 6d 62 00 01 01 02 80 82 80 82 08 01 12 08 12 02 08 02
      12 02 08 02 28 10 35 93 8d eb 32 08 04 15 82 82 80 82 08 01 12 08 12 02 08 02 12 02 08 02 20 10
      28 10 35 f8 e7 bb aa 00 03 22 65 6d 62 08 01 12 08 12 02 08 04 12 02 08 02 3a 08 0a 02 10 02 0a
      02 10 02 3a 0a 0a 04 08 02 10 02 0a 02 10 02 00 00 00 00 01 00 00 00 00 47 bb 41 7e 00 00 00 00
      01 00 00 00 00 c0 f2 a1 b0 00 01 02 66 00 77 00 00 00 00 01 00 00 00 00 2d df cb a2 7c 08 89 01
      0e 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
      00 00 00 00 57 fb 80 8b 24 75 47 db)"));
}

TEST(BundleWriter, SliceSpecs) {
  EXPECT_EQ(place({4, 2}, {{0, 2}, {0, 2}}).spec(), "4 2 0,2:0,2");
  EXPECT_EQ(place({30000}, {{10000, 20000}}).spec(), "30000 10000,20000");
}

// tests/data/make_bundles.py made them with TensorFlow's own SaveV2.
TEST(BundleWriter, EveryDTypeAsTensorFlowWritesIt) {
  const Bundle theirs{file("dtypes.index"), {file("dtypes.data-00000-of-00001")}};
  BundleReader reader = theirs.open();
  EXPECT_EQ(reader.tensors().size(), 101u);
  CheckpointContents contents;
  for (const StoredTensor& tensor : reader.tensors()) {
    contents.entries.insert(contents.entries.begin(), {tensor.key, contents.blobs.size(), {}});
    contents.blobs.push_back(reader.value(tensor.key));
  }
  const Bundle ours = write(contents);
  EXPECT_EQ(ours.index, theirs.index);
  EXPECT_EQ(ours.data, theirs.data);
}

std::string cut(const std::vector<float>& whole, std::size_t row, std::size_t column, std::size_t plane) {
  std::string part;
  for (std::size_t i = row; i < row + 2; ++i) {
    for (std::size_t j = column; j < column + 3; ++j) part += raw(std::vector{whole[i * 12 + j * 2 + plane]});
  }
  return part;
}

TEST(BundleWriter, PartitionsAsTensorFlowWritesThem) {
  std::vector<float> whole(48);
  for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = static_cast<float>(i);
  CheckpointContents contents;
  const auto add = [&](const std::string& key, Value value, SlicePlace slice) {
    contents.entries.push_back({key, contents.blobs.size(), std::move(slice)});
    contents.blobs.push_back(std::move(value));
  };
  for (std::int64_t row : {0, 2}) {
    for (std::int64_t column : {0, 3}) {
      for (std::int64_t plane : {0, 1}) {
        const auto at = [](std::int64_t i) { return static_cast<std::size_t>(i); };
        add("grid",
            Value::from_bytes(DType::float32, Shape({2, 3, 1}), cut(whole, at(row), at(column), at(plane))),
            place({4, 6, 2}, {{row, 2}, {column, 3}, {plane, 1}}));
      }
    }
  }
  for (std::int64_t start : {9000, 0}) {
    add("long", Value::fill(DType::uint8, Shape({9000}), std::string(1, '\0')),
        place({18000}, {{start, 9000}}));
  }
  add("one", floats({3}, {1, 2, 3}), place({3}, {{0, 3}}));
  const Bundle ours = write(contents);
  EXPECT_EQ(ours.index, file("partitioned.index"));
  EXPECT_EQ(ours.data[0], file("partitioned.data-00000-of-00001"));
}

TEST(BundleWriter, ASharedBlobIsWrittenOnce) {
  const Bundle bundle = write(
      {{floats({1}, {1}), floats({1}, {2}), floats({1}, {3})}, {{"z", 0, {}}, {"a", 0, {}}, {"m", 2, {}}}});
  EXPECT_EQ(bundle.data[0], raw<float>({1, 3}));  // nobody asked for blob 1
  BundleReader reader = bundle.open();
  EXPECT_EQ(reader.find("a")->entry.range, reader.find("z")->entry.range);
  EXPECT_EQ(reader.value("z").bytes(), raw<float>({1}));
  EXPECT_EQ(reader.value("m").bytes(), raw<float>({3}));
}

TEST(BundleWriter, NothingAtAll) {
  const Bundle bundle = write({});
  EXPECT_EQ(bundle.data[0], "");
  EXPECT_EQ(bundle.open().tensors().size(), 0u);
}

// Values that end before, at and behind the end of the buffer, and strings across it.
TEST(BundleWriter, ValuesOfAllSizesAroundTheBuffer) {
  const std::int64_t buffer = 256 * 1024;
  CheckpointContents contents;
  std::string expected;
  for (const std::int64_t size :
       {buffer - 1, std::int64_t{1}, buffer, buffer + 1, 3 * buffer - 1, std::int64_t{0}, buffer}) {
    std::string bytes(static_cast<std::size_t>(size), '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 2654435761u >> 13);
    expected += bytes;
    contents.entries.push_back({"v" + std::to_string(contents.blobs.size()), contents.blobs.size(), {}});
    contents.blobs.push_back(Value::from_bytes(DType::uint8, Shape({size}), bytes));
  }
  contents.entries.push_back({"w", contents.blobs.size(), {}});
  contents.blobs.push_back(
      Value::from_strings(Shape({2}), {std::string(300000, 'a'), std::string(300000, 'b')}));
  StringFile data;
  std::vector<std::uint64_t> heard;
  const std::string index = write_bundle(contents, data, [&](std::uint64_t done) { heard.push_back(done); });
  EXPECT_EQ(data.content.substr(0, expected.size()), expected);
  ASSERT_GT(heard.size(), 5u);
  EXPECT_TRUE(std::ranges::is_sorted(heard));
  EXPECT_EQ(heard.back(), data.content.size());
  Bundle bundle{index, {data.content}};
  BundleReader reader = bundle.open();
  for (const CheckpointEntry& entry : contents.entries) {
    EXPECT_NO_THROW(reader.check(entry.key));
    EXPECT_TRUE(content_of(reader.value(entry.key)) == content_of(contents.blobs[entry.blob])) << entry.key;
  }
}

TEST(BundleWriter, WhatProgressThrowsComesThrough) {
  StringFile data;
  const CheckpointContents contents{{floats({1}, {1})}, {{"a", 0, {}}}};
  expect_error(ErrorKind::interrupted, "stopped", [&] {
    write_bundle(contents, data, [](std::uint64_t) { throw Error(ErrorKind::interrupted, "stopped"); });
  });
}

TEST(BundleWriter, RefusedContents) {
  const Value one = floats({1}, {1});
  const Value two = floats({2}, {1, 2});
  const Value ints = Value::from_bytes(DType::int32, Shape({2}), raw<std::int32_t>({1, 2}));
  const Value handle(DType::resource, Shape(), nullptr);
  const auto at = [](std::int64_t full, std::int64_t start, std::int64_t length) {
    return place({full}, {{start, length}});
  };
  const std::vector<std::tuple<CheckpointContents, ErrorKind, std::string>> table = {
      {{{one}, {{"", 0, {}}}}, ErrorKind::usage, "a tensor named ''"},
      {{{one}, {{std::string("\0a", 2), 0, {}}}}, ErrorKind::usage, "a tensor named"},
      {{{one}, {{"a", 0, {}}, {"b", 0, {}}, {"a", 0, {}}}},
       ErrorKind::usage,
       "two tensors are to be named 'a'"},
      {{{one}, {{"a", 1, {}}}}, ErrorKind::bug, "'a' has no value"},
      {{{handle}, {{"h", 0, {}}}}, ErrorKind::unsupported, "'h' is a tensor of dtype resource"},
      {{{two}, {{"a", 0, {}}, {"a", 0, at(4, 0, 2)}}}, ErrorKind::usage, "two tensors are to be named 'a'"},
      {{{two}, {{"a", 0, at(4, 0, 2)}, {"a", 0, at(5, 2, 2)}}}, ErrorKind::usage, "of different tensors"},
      {{{two, ints}, {{"a", 0, at(4, 0, 2)}, {"a", 1, at(4, 2, 2)}}},
       ErrorKind::usage,
       "of different tensors"},
      {{{two}, {{"a", 0, at(4, 0, 3)}}}, ErrorKind::usage, "has a value of shape [2]"},
      {{{two}, {{"a", 0, at(4, 0, 2)}}}, ErrorKind::usage, "2 elements of [4] are in no slice"},
      {{{two}, {{"a", 0, at(4, 0, 2)}, {"a", 0, at(4, 1, 2)}}}, ErrorKind::usage, "overlap"},
      {{{two}, {{"a", 0, at(2, 0, 2)}, {"a", 0, at(2, 0, 2)}}}, ErrorKind::usage, "hold more than the [2]"},
      {{{two}, {{"a", 0, at(4, 3, 2)}}}, ErrorKind::usage, "does not fit into [4]"},
      {{{two}, {{"a", 0, at(4, -1, 2)}}}, ErrorKind::usage, "does not fit into [4]"},
      {{{two}, {{"a", 0, at(4, INT64_MAX, 2)}}}, ErrorKind::usage, "does not fit into [4]"},
      {{{two}, {{"a", 0, place({2, 2}, {{0, 2}})}}}, ErrorKind::usage, "does not fit into [2,2]"},
  };
  for (const auto& [contents, kind, part] : table) {
    SCOPED_TRACE(part);
    StringFile data;
    expect_error(kind, part, [&] { write_bundle(contents, data); });
    expect_error(kind, part, [&] { bundle_data_size(contents); });
    EXPECT_EQ(data.content, "");
  }
}

TEST(SlicePlaces, Tilings) {
  const Shape full({4, 4});
  EXPECT_EQ(tiling_fault(full, {{{0, 4}, {0, 4}}}), std::nullopt);
  EXPECT_EQ(tiling_fault(full, {{{0, 2}, {0, 4}}, {{2, 2}, {0, 1}}, {{2, 2}, {1, 3}}}), std::nullopt);
  EXPECT_EQ(tiling_fault(full, {{{0, 4}, {0, 2}}, {{0, 2}, {1, 2}}, {{2, 2}, {3, 1}}}),
            "the slices [0:4,0:2] and [0:2,1:3] overlap");
  EXPECT_EQ(tiling_fault(Shape(), {{}}), std::nullopt);
  EXPECT_EQ(tiling_fault(Shape({0}), {}), std::nullopt);
}

TEST(SlicePlaces, ManySlicesAreComparedInTime) {
  std::vector<Slice> along;
  for (std::int64_t i = 0; i < 100000; ++i) along.push_back({{i, 1}, {0, 3}});
  EXPECT_EQ(tiling_fault(Shape({100000, 3}), along), std::nullopt);
  std::vector<Slice> across;  // a staircase: none overlap, most lie side by side
  for (std::int64_t i = 0; i < 6000; ++i) across.push_back({{i, 6000}, {i, 1}});
  EXPECT_EQ(tiling_fault(Shape({12000, 6000}), across), "too many slices side by side to compare them");
}

RC_GTEST_PROP(BundleWriter, RoundTrip, (const std::map<std::string, std::vector<std::string>>& named)) {
  CheckpointContents contents;
  for (const auto& [name, elements] : named) {
    if (name.empty() || name.front() == '\0') continue;
    contents.entries.push_back({name, contents.blobs.size(), {}});
    const auto count = static_cast<std::int64_t>(elements.size());
    if (count % 2 == 0) {
      contents.blobs.push_back(Value::from_strings(Shape({count}), elements));
    } else {
      const std::string& bytes = elements.front();
      contents.blobs.push_back(
          Value::from_bytes(DType::int8, Shape({static_cast<std::int64_t>(bytes.size())}), bytes));
    }
  }
  const Bundle bundle = write(contents);
  BundleReader reader = bundle.open();
  RC_ASSERT(reader.tensors().size() == contents.entries.size());
  for (const CheckpointEntry& entry : contents.entries) {
    reader.check(entry.key);
    const Value back = reader.value(entry.key);
    RC_ASSERT(back.shape() == contents.blobs[entry.blob].shape());
    RC_ASSERT(content_of(back) == content_of(contents.blobs[entry.blob]));
  }
}

}  // namespace
}  // namespace thaw::internal
