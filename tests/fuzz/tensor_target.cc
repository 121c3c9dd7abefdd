// A TensorProto: what is taken means what protobuf's parser and the rules say, and is written so that it does
// again.
#include <algorithm>

#include "fuzz/targets.h"
#include "tensor/statistics.h"
#include "tensor/tensor_oracle.h"
#include "tensor/tensor_proto.h"

namespace thaw::internal {

namespace {

void check_by_protobuf(const std::string& input, const Value& value) {
  oracle::Tensor proto;
  // Lists of another dtype's are not looked at, and neither are numbers behind the last that is used.
  if (!proto.ParseFromString(input)) return;
  require(static_cast<int>(value.dtype()) == proto.dtype(), "another type");
  if (std::ranges::find(kTypes, value.dtype()) == std::end(kTypes)) return;
  require(value.bytes() == expand(proto), "other elements");
  // A truth value is written as one, whatever stood for it.
  const auto is_truth = [](char byte) { return byte == 0 || byte == 1; };
  if (value.dtype() == DType::boolean && !std::ranges::all_of(value.bytes(), is_truth)) return;
  oracle::Tensor written;
  require(written.ParseFromString(write_tensor(value).bytes()), "protobuf does not parse what was written");
  require(expand(written) == value.bytes(), "other elements when written");
}

void run_tensor(const std::string& input) {
  goes_through([&] { read_tensor_head(input); });
  goes_through([&] {
    const Value by_range = read_tensor(memory_source("ab" + input + "cd"), {2, input.size()}).value;
    const Value value = read_tensor(input).value;
    require(value.dtype() == by_range.dtype() && value.shape() == by_range.shape(),
            "another head by its range");
    if (value.element_count() > 1 << 16) return;
    if (value.dtype() == DType::string) {
      std::size_t count = 0;
      value.for_each_string([&](Bytes) { ++count; });
      require(count == static_cast<std::size_t>(value.element_count()), "another number of strings");
      return;
    }
    require(value.bytes() == by_range.bytes(), "other elements by its range");
    check_by_protobuf(input, value);
  });
}

std::vector<std::string> tensor_seeds() {
  return {ProtoBytes(DType::float32, {2, 3}).content(std::string(24, 'x')),
          ProtoBytes(DType::float32, {4}).packed32(5, {1, 2}).fixed32(5, 3),
          ProtoBytes(DType::int32, {2, 2}).packed(7, {1, ~0ULL}).varint(7, 3),
          ProtoBytes(DType::float64, {2}).packed64(6, {1, 2}),
          ProtoBytes(DType::boolean, {3}).varint(11, 1),
          ProtoBytes(DType::float16, {3}).packed(13, {15360, 0}),
          ProtoBytes(DType::int64, {}).varint(10, 7),
          ProtoBytes(DType::string, {2}).bytes(8, "ab").bytes(8, ""),
          ProtoBytes(DType::complex64, {1}).packed32(9, {1, 2}),
          ProtoBytes(DType::float8_e5m2, {3}).bytes(18, "abc"),
          ProtoBytes(DType::uint64, {3}).packed(17, {1, 2, 3})};
}

std::string mutate_tensor(const std::string& input, const std::string& donor, Chance& chance) {
  return chance.below(3) == 0 ? mutate_bytes(input, chance) : mutate_fields(input, donor, chance);
}

}  // namespace

FuzzTarget tensor_target() { return {"tensor", "a TensorProto", run_tensor, mutate_tensor, tensor_seeds}; }

}  // namespace thaw::internal
