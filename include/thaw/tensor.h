// DType, Shape and Value: one tensor, its type, its dimensions and where its bytes are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "thaw/source.h"

namespace thaw {

// Numbers of tensorflow.DataType (core/framework/types.proto).
enum class DType : std::int32_t {
  invalid = 0,
  float32 = 1,
  float64 = 2,
  int32 = 3,
  uint8 = 4,
  int16 = 5,
  int8 = 6,
  string = 7,
  complex64 = 8,
  int64 = 9,
  boolean = 10,
  qint8 = 11,
  quint8 = 12,
  qint32 = 13,
  bfloat16 = 14,
  qint16 = 15,
  quint16 = 16,
  uint16 = 17,
  complex128 = 18,
  float16 = 19,
  resource = 20,
  variant = 21,
  uint32 = 22,
  uint64 = 23,
  float8_e5m2 = 24,
  float8_e4m3fn = 25,
  float8_e4m3fnuz = 26,
  float8_e4m3b11fnuz = 27,
  float8_e5m2fnuz = 28,
  int4 = 29,
  uint4 = 30,
  int2 = 31,
  uint2 = 32,
  float4_e2m1fn = 33,
};

// The number as a DType, or nothing when TensorFlow does not define it. Reference types (number + 100) are
// not taken.
std::optional<DType> dtype_of_number(std::int64_t number);
// "float32", as numpy and TensorFlow print it.
std::string_view name_of(DType dtype);
std::optional<DType> dtype_of_name(std::string_view name);
// Bytes of one element in a checkpoint's data file; 0 for string, resource, variant and invalid.
std::size_t element_size(DType dtype);
// half, bfloat16, float and double: what variables that are trained have.
bool is_trainable_float(DType dtype);

// Dimensions of a tensor. -1 is an unknown dimension; `unknown_rank` stands for not even their number.
class Shape {
 public:
  Shape() = default;
  explicit Shape(std::vector<std::int64_t> dims) : dims_(std::move(dims)) {}
  static Shape of_unknown_rank() {
    Shape s;
    s.unknown_rank_ = true;
    return s;
  }

  bool unknown_rank() const { return unknown_rank_; }
  std::size_t rank() const { return dims_.size(); }
  const std::vector<std::int64_t>& dims() const { return dims_; }
  bool fully_defined() const;
  // The product of the dimensions; 1 for a scalar; nothing when it is not fully defined or passes 2^63 - 1.
  std::optional<std::int64_t> element_count() const;
  // "[2,3]", "[]", "[?,3]", "<unknown>".
  std::string to_string() const;
  bool operator==(const Shape&) const = default;

 private:
  std::vector<std::int64_t> dims_;
  bool unknown_rank_ = false;
};

// Bytes in order. `read` fills `into` completely; reading past the end is a bug of the caller.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual void read(std::span<std::byte> into) = 0;
};

// Bytes that lie somewhere as they are.
struct BytesPlace {
  SourcePtr source;
  Range range;
};

// Where a value's canonical bytes come from. Immutable; shared between copies of a Value.
class ValueBody {
 public:
  virtual ~ValueBody() = default;
  // Whether `open(at)` is as cheap anywhere as at 0.
  virtual bool seekable() const = 0;
  virtual std::unique_ptr<ByteStream> open(std::uint64_t at) const = 0;
  // Where the canonical bytes lie in one piece; nothing when they are made while they are read.
  virtual std::optional<BytesPlace> place() const { return std::nullopt; }
  // For string tensors only: every element in row-major order.
  virtual void for_each_string(const std::function<void(Bytes)>&) const;
};

// A tensor wherever it lies: a range of a file in any of TensorProto's encodings, bytes in memory, one
// element repeated, or something computed while it is read. Canonical bytes are row-major and little endian,
// as in a checkpoint's data file. Never whole in memory unless it was made so. Cheap to copy; const use from
// several threads.
class Value {
 public:
  Value(DType dtype, Shape shape, std::shared_ptr<const ValueBody> body);

  static Value from_bytes(DType dtype, Shape shape, std::string canonical);
  static Value from_range(DType dtype, Shape shape, SourcePtr source, Range canonical);
  static Value fill(DType dtype, Shape shape, std::string element);
  static Value from_strings(Shape shape, std::vector<std::string> elements);

  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  std::int64_t element_count() const { return count_; }
  // Canonical bytes; 0 for string tensors, which have no fixed form.
  std::uint64_t byte_size() const { return static_cast<std::uint64_t>(count_) * element_size(dtype_); }
  bool seekable() const { return body_->seekable(); }
  std::optional<BytesPlace> place() const { return body_->place(); }

  // Canonical bytes from offset `at` on. Not for strings.
  std::unique_ptr<ByteStream> open(std::uint64_t at = 0) const { return body_->open(at); }
  // All canonical bytes, handed over in chunks of at most 64 KiB.
  void pour(const std::function<void(Bytes)>& sink) const;
  // All canonical bytes at once: for small tensors. Throws `bug` above 16 MiB.
  std::string bytes() const;
  void for_each_string(const std::function<void(Bytes)>& sink) const { body_->for_each_string(sink); }

 private:
  DType dtype_;
  Shape shape_;
  std::int64_t count_;
  std::shared_ptr<const ValueBody> body_;
};

}  // namespace thaw
