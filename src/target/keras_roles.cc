#include "target/keras_roles.h"

#include <algorithm>
#include <array>

#include "thaw/source.h"

namespace thaw::internal {

namespace {

using Roles = std::vector<std::string>;

enum class Place : std::uint8_t { whole, front, back };

struct Row {
  Bytes layer;
  Place place;
  std::array<Bytes, 4> roles;
};
// What a layer does without (use_bias, center) is missing at the end, but for batch normalisation.
constexpr std::array kRows = std::to_array<Row>({
    {"dense", Place::back, {"kernel", "bias"}},
    {"separable_conv", Place::front, {"depthwise_kernel", "pointwise_kernel", "bias"}},
    {"depthwise_conv", Place::front, {"kernel", "bias"}},
    {"conv_lstm", Place::front, {"kernel", "recurrent_kernel", "bias"}},
    {"conv", Place::front, {"kernel", "bias"}},
    {"cell", Place::back, {"kernel", "recurrent_kernel", "bias"}},
    {"batch_normalization", Place::back, {"gamma", "beta", "moving_mean", "moving_variance"}},
    {"layer_normalization", Place::whole, {"gamma", "beta"}},
    {"group_normalization", Place::whole, {"gamma", "beta"}},
    {"rms_normalization", Place::whole, {"scale"}},
    {"embedding", Place::whole, {"embeddings"}},
    {"p_re_lu", Place::whole, {"alpha"}},
    {"attention", Place::whole, {"scale"}},
    {"additive_attention", Place::whole, {"scale"}},
});

bool is_of(const Row& row, Bytes layer) {
  switch (row.place) {
    case Place::whole:
      return layer == row.layer;
    case Place::front:
      return layer.starts_with(row.layer);
    case Place::back:
      return layer.ends_with(row.layer);
  }
  return false;
}

// Without a scale or a center the first two are missing; a scale alone is rare, and its name would then be
// found nowhere.
Roles of_batch_normalization(std::size_t count) {
  Roles roles{"gamma", "beta", "moving_mean", "moving_variance"};
  if (count < 2 || count > 4) return Roles(count);
  roles.erase(roles.begin(), roles.begin() + static_cast<std::ptrdiff_t>(4 - count));
  return roles;
}

bool all_vectors(const std::vector<Shape>& shapes) {
  return std::ranges::all_of(shapes, [](const Shape& shape) { return shape.rank() == 1; });
}

// [inputs, gates * units] and [units, gates * units].
bool is_recurrent(const Shape& kernel, const Shape& recurrent) {
  return kernel.rank() == 2 && recurrent.rank() == 2 && kernel.dims()[1] == recurrent.dims()[1] &&
         recurrent.dims()[0] > 0 && recurrent.dims()[1] % recurrent.dims()[0] == 0;
}

bool is_separable(const Shape& depthwise, const Shape& pointwise) {
  if (depthwise.rank() < 3 || depthwise.rank() != pointwise.rank()) return false;
  const std::vector<std::int64_t>& dims = pointwise.dims();
  return std::all_of(dims.begin(), dims.end() - 2, [](std::int64_t dim) { return dim == 1; });
}

Roles of_shapes(const std::vector<Shape>& shapes) {
  const std::size_t count = shapes.size();
  Roles roles(count);
  if (count == 4 && all_vectors(shapes)) return of_batch_normalization(count);
  if (count == 2 && all_vectors(shapes)) return {"gamma", "beta"};
  if (count == 2 && shapes[0].rank() > 1 && shapes[1].rank() < shapes[0].rank()) return {"kernel", "bias"};
  if (count < 2 || count > 3) return roles;
  if (is_recurrent(shapes[0], shapes[1])) roles = {"kernel", "recurrent_kernel", "bias"};
  if (is_separable(shapes[0], shapes[1])) roles = {"depthwise_kernel", "pointwise_kernel", "bias"};
  roles.resize(count);
  return roles;
}

}  // namespace

std::vector<std::string> keras_roles(const std::string& layer, const std::vector<Shape>& shapes) {
  const auto row = std::ranges::find_if(kRows, [&](const Row& one) { return is_of(one, layer); });
  if (row == kRows.end()) return of_shapes(shapes);
  if (row->layer == "batch_normalization") return of_batch_normalization(shapes.size());
  Roles roles(row->roles.begin(), row->roles.end());
  roles.resize(shapes.size());
  return roles;
}

}  // namespace thaw::internal
