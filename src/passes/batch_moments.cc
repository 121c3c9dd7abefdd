#include "passes/batch_moments.h"

#include "messages/attr_value.h"

namespace thaw::internal {

namespace {

bool is_half(DType dtype) { return dtype == DType::float16 || dtype == DType::bfloat16; }

// All axes but the last one, of data whose rank shows when it runs.
std::string axes_but_the_last(ScopedNodes& nodes, const std::string& data, DType dtype) {
  const std::string rank = nodes.write("rank", "Rank", {data}, {{"T", attr_of_type(dtype)}});
  const std::string first = nodes.integer("axes/first", 0), step = nodes.integer("axes/step", 1);
  const std::string int32 = attr_of_type(DType::int32);
  const std::string last = nodes.write("axes/last", "Sub", {rank, step}, {{"T", int32}});
  return nodes.write("axes", "Range", {first, last, step}, {{"Tidx", int32}});
}

}  // namespace

std::optional<std::vector<std::int64_t>> axes_of_moments(const Shape& data, const Shape& statistic) {
  if (data.unknown_rank() || statistic.unknown_rank() || statistic.rank() > data.rank()) return std::nullopt;
  const std::size_t missing = data.rank() - statistic.rank();
  std::vector<std::int64_t> axes;
  for (std::size_t i = 0; i < data.rank(); ++i) {
    const bool is_channel = i >= missing && (statistic.rank() == 1 || statistic.dims()[i - missing] != 1);
    if (!is_channel) axes.push_back(static_cast<std::int64_t>(i));
  }
  return axes;
}

Moments write_moments(ScopedNodes& nodes, const MomentsOf& of) {
  const std::string axes = of.shape.unknown_rank()
                               ? axes_but_the_last(nodes, of.data, of.dtype)
                               : nodes.integers("axes", axes_of_moments(of.shape, of.moments_shape).value());
  const DType dtype = is_half(of.dtype) ? DType::float32 : of.dtype;
  const std::string type = attr_of_type(dtype);
  const std::string data = nodes.cast("data", of.data, of.dtype, dtype);
  const auto average = [&](const std::string& name, const std::string& tensor) {
    return nodes.write(
        name, "Mean", {tensor, axes},
        {{"T", type}, {"Tidx", attr_of_type(DType::int32)}, {"keep_dims", attr_of_bool(true)}});
  };
  const auto finish = [&](const std::string& name, const std::string& tensor) {
    const std::string shaped = nodes.reshape(name, tensor, dtype, of.moments_shape);
    return nodes.cast(name + "/cast", shaped, dtype, of.moments_dtype);
  };
  const std::string mean = average("mean", data);
  const std::string fixed = nodes.write("StopGradient", "StopGradient", {mean}, {{"T", type}});
  const std::string squares =
      nodes.write("SquaredDifference", "SquaredDifference", {data, fixed}, {{"T", type}});
  const std::string variance = average("variance", squares);
  return {finish("Squeeze", mean), finish("Squeeze_1", variance)};
}

}  // namespace thaw::internal
