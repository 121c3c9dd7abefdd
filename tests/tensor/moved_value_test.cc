// Values whose elements come in another order: slices, transpositions, and sums with a number.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstring>
#include <numeric>

#include "tensor/raised_value.h"
#include "tensor/sliced_value.h"
#include "tensor/transposed_value.h"

namespace thaw::internal {
namespace {

// 0, 1, 2 ... as int32.
std::string counted(std::int64_t count) {
  std::vector<std::int32_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(std::int32_t)};
}

std::vector<std::int32_t> numbers(const std::string& bytes) {
  std::vector<std::int32_t> read(bytes.size() / sizeof(std::int32_t));
  std::memcpy(read.data(), bytes.data(), bytes.size());
  return read;
}

// The same bytes, without a cheap way to begin in the middle.
class OneWay final : public ValueBody {
 public:
  explicit OneWay(Value value) : value_(std::move(value)) {}
  bool seekable() const override { return false; }
  std::unique_ptr<ByteStream> open(std::uint64_t at) const override { return value_.open(at); }

 private:
  Value value_;
};

Value counting(const Shape& shape, bool seekable = true) {
  const Value value = Value::from_bytes(DType::int32, shape, counted(*shape.element_count()));
  return seekable ? value : Value(DType::int32, shape, std::make_shared<OneWay>(value));
}

std::vector<std::int64_t> some_dims(std::size_t rank) {
  std::vector<std::int64_t> dims;
  for (std::size_t i = 0; i < rank; ++i) dims.push_back(*rc::gen::inRange(1, 6));
  return dims;
}

std::vector<std::size_t> coordinates(std::size_t index, const std::vector<std::int64_t>& dims) {
  std::vector<std::size_t> at(dims.size());
  for (std::size_t i = dims.size(); i-- > 0; index /= static_cast<std::size_t>(dims[i]))
    at[i] = index % static_cast<std::size_t>(dims[i]);
  return at;
}

std::int32_t index_of(const std::vector<std::size_t>& at, const std::vector<std::int64_t>& dims) {
  std::size_t index = 0;
  for (std::size_t i = 0; i < dims.size(); ++i) index = index * static_cast<std::size_t>(dims[i]) + at[i];
  return static_cast<std::int32_t>(index);
}

// Whatever is read from the middle is what all of it holds there.
void expect_same_from_anywhere(const Value& value) {
  const std::string all = value.bytes();
  const auto at = *rc::gen::inRange<std::size_t>(0, all.size());
  std::string tail(all.size() - at, '?');
  const auto stream = value.open(at);
  const auto cut = *rc::gen::inRange<std::size_t>(0, tail.size() + 1);
  stream->read(std::as_writable_bytes(std::span(tail).first(cut)));
  stream->read(std::as_writable_bytes(std::span(tail).subspan(cut)));
  RC_ASSERT(tail == all.substr(at));
}

TEST(SlicedValue, IsTheBoxOfTheWhole) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<std::int64_t> dims = some_dims(*rc::gen::inRange<std::size_t>(1, 5));
    std::vector<std::int64_t> start, length;
    for (const std::int64_t dim : dims) {
      start.push_back(*rc::gen::inRange<std::int64_t>(0, dim));
      length.push_back(*rc::gen::inRange<std::int64_t>(1, dim - start.back() + 1));
    }
    const Value slice =
        sliced_value(counting(Shape(dims), *rc::gen::arbitrary<bool>()), start, Shape(length));
    const std::vector<std::int32_t> found = numbers(slice.bytes());
    for (std::size_t i = 0; i < found.size(); ++i) {
      std::vector<std::size_t> at = coordinates(i, length);
      for (std::size_t d = 0; d < at.size(); ++d) at[d] += static_cast<std::size_t>(start[d]);
      RC_ASSERT(found[i] == index_of(at, dims));
    }
    expect_same_from_anywhere(slice);
  }));
}

TEST(TransposedValue, MovesEveryElement) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<std::int64_t> dims = some_dims(*rc::gen::inRange<std::size_t>(1, 6));
    std::vector<std::size_t> axes(dims.size());
    std::iota(axes.begin(), axes.end(), 0u);
    for (std::size_t i = axes.size(); i > 1; --i)
      std::swap(axes[i - 1], axes[*rc::gen::inRange<std::size_t>(0, i)]);
    const Value turned = transposed_value(counting(Shape(dims)), axes);
    const std::vector<std::int32_t> found = numbers(turned.bytes());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::vector<std::size_t> at = coordinates(i, turned.shape().dims());
      std::vector<std::size_t> from(at.size());
      for (std::size_t d = 0; d < at.size(); ++d) from[axes[d]] = at[d];
      RC_ASSERT(found[i] == index_of(from, dims));
    }
    expect_same_from_anywhere(turned);
  }));
}

TEST(TransposedValue, IsReadInBlocks) {
  const std::int64_t rows = 1500, columns = 1100;  // 6.6 MB: two blocks
  const Value turned = transposed_value(counting(Shape({rows, columns})), {1, 0});
  const std::vector<std::int32_t> found = numbers(turned.bytes());
  for (const std::int64_t i : {0l, 1l, rows, 1048575l, 1048576l, 1048577l, rows * columns - 1})
    EXPECT_EQ(found[static_cast<std::size_t>(i)], i % rows * columns + i / rows) << i;
}

TEST(RaisedValue, AddsAsTheTypeRounds) {
  const float singles[] = {0.25f, -1.0f, 16777216.0f, 1e-9f};
  const double doubles[] = {0.1, -0.5, 1e16};
  const auto text = [](const auto& array) {
    return std::string(reinterpret_cast<const char*>(array), sizeof array);
  };
  const std::string raised =
      raised_value(Value::from_bytes(DType::float32, Shape({4}), text(singles)), 1).bytes();
  const float expected[] = {1.25f, 0.0f, 16777216.0f, 1.0f};
  EXPECT_EQ(raised, text(expected));
  const Value wide = raised_value(Value::from_bytes(DType::float64, Shape({3}), text(doubles)), 0.5);
  const double wanted[] = {0.1 + 0.5, 0.0, 1e16 + 0.5};
  EXPECT_EQ(wide.bytes(), text(wanted));
  std::string middle(13, '?');
  wide.open(5)->read(std::as_writable_bytes(std::span(middle)));
  EXPECT_EQ(middle, text(wanted).substr(5, 13));
}

}  // namespace
}  // namespace thaw::internal
