#include "checkpoint/v1_reader.h"

#include "checkpoint/joined_value.h"
#include "checkpoint/ordered_code.h"
#include "checkpoint/slice_place.h"
#include "tensor/list_body.h"
#include "tensor/shape.h"
#include "tensor/tensor_proto.h"
#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::uint32_t kStrings = 8;  // TensorProto.string_val

// TensorSliceProto: see bundle_messages.h.
Slice read_slice(Bytes message) {
  Slice slice;
  MessageReader reader(message);
  for (FieldView extent; reader.next(extent);) {
    if (!extent.is_bytes(1)) continue;
    SliceExtent read{0, kWholeDimension};
    MessageReader fields(extent.payload);
    for (FieldView field; fields.next(field);) {
      if (field.is(1, WireType::varint)) read.start = static_cast<std::int64_t>(field.scalar);
      if (field.is(2, WireType::varint)) read.length = static_cast<std::int64_t>(field.scalar);
    }
    slice.push_back(read);
  }
  return slice;
}

V1Tensor read_tensor_meta(Bytes message) {
  V1Tensor tensor;
  std::string shape;  // of all parts, which are merged
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) tensor.name = field.payload;
    if (field.is_bytes(2)) shape += field.payload;
    if (field.is(3, WireType::varint))
      tensor.dtype = dtype_of_number(static_cast<std::int64_t>(field.scalar)).value_or(DType::invalid);
    if (field.is_bytes(4)) tensor.slices.push_back(read_slice(field.payload));
  }
  tensor.shape = decode_shape(shape);
  if (tensor.name.empty() || !tensor.shape.fully_defined() || tensor.dtype == DType::invalid) {
    throw Error(ErrorKind::malformed,
                "tensor " + thaw::quoted(tensor.name) + " without a name, a shape or a type", "all three");
  }
  return tensor;
}

// The body of that field. Several are merged, which is the same as one behind the other: in `joined`.
std::optional<Bytes> find_field(Bytes message, std::uint32_t number, std::string& joined) {
  std::optional<Bytes> found;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (!field.is_bytes(number)) continue;
    if (found) {
      if (joined.empty()) joined = *found;
      joined += field.payload;
    }
    found = found ? Bytes(joined) : field.payload;
  }
  return found;
}

// A slice has as many numbers as elements, in the list of its type: TensorFlow looks nowhere else, and
// repeats none.
void check_count(Bytes list, DType dtype, const Shape& shape) {
  const DTypeRow& row = row_of(dtype);
  const auto elements = static_cast<std::uint64_t>(shape.element_count().value_or(0));
  const std::uint64_t expected = elements * (dtype == DType::string ? 1 : row.items);
  std::uint64_t found = 0;
  if (dtype == DType::string) {
    MessageReader reader(list);
    for (FieldView field; reader.next(field);) found += field.is_bytes(kStrings) ? 1 : 0;
  } else {
    ListItems items(Window(list), row);
    for (std::uint64_t item; items.next(item);) ++found;
  }
  if (found == expected) return;
  throw Error(ErrorKind::malformed, std::to_string(found) + " numbers for the shape " + shape.to_string(),
              std::to_string(expected));
}

// A slice, looked up in the table when it is read.
class V1Body final : public ValueBody {
 public:
  V1Body(std::shared_ptr<const TableReader> table, std::string key, DType dtype, Shape shape)
      : table_(std::move(table)), key_(std::move(key)), dtype_(dtype), shape_(std::move(shape)) {}
  bool seekable() const override { return false; }
  std::unique_ptr<ByteStream> open(std::uint64_t at) const override;
  void for_each_string(const std::function<void(Bytes)>& sink) const override {
    read().for_each_string(sink);
  }

 private:
  Value read() const;

  std::shared_ptr<const TableReader> table_;
  std::string key_;
  DType dtype_;
  Shape shape_;
};

Value V1Body::read() const {
  const std::optional<std::string> saved = table_->find(key_);
  return decode_v1_slice(saved.value_or(""), dtype_, shape_);
}

// The value it streams from, kept alive.
class OwnedStream final : public ByteStream {
 public:
  OwnedStream(Value value, std::uint64_t at) : value_(std::move(value)), stream_(value_.open(at)) {}
  void read(std::span<std::byte> into) override { stream_->read(into); }

 private:
  Value value_;
  std::unique_ptr<ByteStream> stream_;
};

std::unique_ptr<ByteStream> V1Body::open(std::uint64_t at) const {
  return std::make_unique<OwnedStream>(read(), at);
}

Shape shape_of(const Slice& slice) {
  std::vector<std::int64_t> dims;
  for (const SliceExtent& extent : slice) dims.push_back(extent.length);
  return Shape(std::move(dims));
}

}  // namespace

std::vector<V1Tensor> decode_v1_list(Bytes value) {
  std::string joined;
  const std::optional<Bytes> meta = find_field(value, 1, joined);
  if (!meta) throw Error(ErrorKind::malformed, "a table without a list of tensors", "a checkpoint");
  std::vector<V1Tensor> tensors;
  MessageReader reader(*meta);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) tensors.push_back(read_tensor_meta(field.payload));
    if (field.is_bytes(2)) check_checkpoint_version(field.payload);
  }
  return tensors;
}

Value decode_v1_slice(Bytes value, DType dtype, const Shape& shape) {
  std::string slices, protos;
  const std::optional<Bytes> slice = find_field(value, 2, slices);
  const std::optional<Bytes> saved = slice ? find_field(*slice, 3, protos) : std::nullopt;
  if (!saved) throw Error(ErrorKind::malformed, "a slice of the list is not in the table", "every slice");
  std::string message, list;
  MessageWriter(message).varint(1, static_cast<std::uint64_t>(dtype)).bytes(2, encode_shape(shape));
  const std::uint32_t number = dtype == DType::string ? kStrings : row_of(dtype).list_field;
  bool other = false;
  MessageReader reader(*saved);
  for (FieldView field; reader.next(field);) {
    if (field.number == number) list += field.whole;
    other = other || (field.is(1, WireType::varint) && field.scalar != static_cast<std::uint64_t>(dtype));
    other = other || (field.is_bytes(2) && decode_shape(field.payload) != shape);
  }
  if (other) {
    throw Error(ErrorKind::malformed, "a slice of another type or shape than the list says",
                std::string(name_of(dtype)) + " " + shape.to_string());
  }
  check_count(list, dtype, shape);
  return read_tensor(message + list).value;
}

V1Reader::V1Reader(const SourcePtr& file) : table_(std::make_shared<TableReader>(file)) {
  try {
    const std::optional<std::string> list = table_->find("");
    if (!list) throw Error(ErrorKind::malformed, "a table without a list of tensors", "a checkpoint");
    tensors_ = decode_v1_list(*list);
  } catch (Error& error) {
    if (error.places().empty()) error.at(file->name());
    throw;
  }
}

Value V1Reader::slice_value(const V1Tensor& tensor, const Slice& slice) const {
  const Shape shape = shape_of(explicit_slice(tensor.shape, slice));
  return Value(tensor.dtype, shape,
               std::make_shared<V1Body>(table_, slice_key(tensor.name, slice), tensor.dtype, shape));
}

Value V1Reader::value(const V1Tensor& tensor) const {
  return join_slices(tensor, [&](std::size_t i) { return slice_value(tensor, tensor.slices[i]); });
}

Value join_slices(const V1Tensor& tensor, const std::function<Value(std::size_t slice)>& slice_value) {
  std::vector<TensorPart> parts;
  std::vector<Slice> slices;
  for (std::size_t i = 0; i < tensor.slices.size(); ++i) {
    slices.push_back(explicit_slice(tensor.shape, tensor.slices[i]));
    if (tensor.slices.size() == 1 && covers_all(tensor.shape, slices.back())) return slice_value(i);
    parts.push_back({slices.back(), slice_value(i)});
  }
  if (const std::optional<std::string> fault = tiling_fault(tensor.shape, slices)) {
    throw Error(ErrorKind::malformed, *fault, "slices that cover the tensor exactly once")
        .at("tensor " + thaw::quoted(tensor.name));
  }
  return join_parts(tensor.dtype, tensor.shape, std::move(parts));
}

}  // namespace thaw::internal
