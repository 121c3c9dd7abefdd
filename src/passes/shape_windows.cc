#include <algorithm>

#include "passes/shape_rules.h"

namespace thaw::internal {

namespace {

// Where a tensor of images keeps what.
struct Layout {
  std::size_t rank;
  std::size_t channel;
  std::size_t first;  // of the spatial dimensions, which are rank - 2
};

std::optional<Layout> layout_of(const ShapeQuery& query, std::size_t rank) {
  const std::string format = query.text("data_format", rank == 4 ? "NHWC" : "NDHWC");
  if (format == "NHWC" || format == "NDHWC") return Layout{rank, rank - 1, 1};
  if (format == "NCHW" || format == "NCDHW") return Layout{rank, 1, 2};
  return std::nullopt;
}

// What slides over one dimension.
struct Window {
  Dim size = kAny;
  std::int64_t stride = 0, dilation = 1;
  Dim padding = 0;  // explicit, both ends
};

// Operations whose dilations do not mean the same in all of TensorFlow.
bool dilates_surely(Bytes op) { return op.find("Conv2D") != Bytes::npos || op == "Dilation2D"; }
// All others give something empty when a dimension is too small.
bool needs_room(Bytes op) { return op.find("Backprop") == Bytes::npos && op != "Dilation2D"; }

// GetWindowedOutputSizeFromDimsV2 (core/framework/common_shape_fns.cc).
Dim slide(Dim input, const Window& window, const std::string& padding, bool must_fit) {
  if (input < 0 || window.stride <= 0 || window.dilation <= 0) return kAny;
  if (padding == "SAME") return input / window.stride + (input % window.stride != 0 ? 1 : 0);
  if ((padding != "VALID" && padding != "EXPLICIT") || window.size <= 0) return kAny;
  const Dim covered = add(multiply(window.size - 1, window.dilation), 1);
  const Dim room = padding == "EXPLICIT" ? add(input, window.padding) : input;
  if (covered < 0 || room < 0) return kAny;
  if (room >= covered) return (room - covered) / window.stride + 1;
  if (!must_fit) return kAny;
  clash("at least " + std::to_string(covered) + " under the window, not " + std::to_string(room));
}

// The windows of the spatial dimensions; `sizes` are theirs. None where an attribute has another length.
std::vector<Window> windows_of(const ShapeQuery& query, const Layout& layout, const Dims& sizes) {
  const std::vector<std::int64_t> strides = query.integers("strides"),
                                  dilations =
                                      query.integers(query.op() == "Dilation2D" ? "rates" : "dilations"),
                                  paddings = query.integers("explicit_paddings");
  std::vector<Window> windows(layout.rank - 2);
  if (strides.size() != layout.rank || (!dilations.empty() && dilations.size() != layout.rank)) {
    return windows;
  }
  const bool dilated = std::ranges::any_of(dilations, [](std::int64_t dilation) { return dilation != 1; });
  if (dilated && !dilates_surely(query.op())) return windows;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const std::size_t at = layout.first + i;
    const Dim pad = paddings.size() == 2 * layout.rank ? add(paddings[2 * at], paddings[2 * at + 1]) : kAny;
    const std::int64_t dilation = dilations.empty() ? 1 : dilations[at];
    windows[i] = {sizes[i], strides[at], dilation, pad};
  }
  return windows;
}

Dims slide_all(const ShapeQuery& query, const Layout& layout, const Shape& input, const Dims& sizes) {
  const std::vector<Window> windows = windows_of(query, layout, sizes);
  const std::string padding = query.text("padding", "");
  Dims dims = input.dims();
  for (std::size_t i = 0; i < windows.size(); ++i) {
    dims[layout.first + i] = slide(dims[layout.first + i], windows[i], padding, needs_room(query.op()));
  }
  return dims;
}

// A kernel of fewer channels than the input convolves groups of channels.
void check_channels(Dim channels, Dim of_kernel, Dim filters) {
  if (channels < 0 || of_kernel <= 0) return;
  const Dim groups = channels / of_kernel;
  if (channels % of_kernel != 0 || (groups > 0 && filters > 0 && filters % groups != 0)) {
    clash(std::to_string(of_kernel) + " channels, as the kernel has, not " + std::to_string(channels));
  }
}

Dims spatial_sizes(const Shape& kernel) { return Dims(kernel.dims().begin(), kernel.dims().end() - 2); }

// Kernels are [spatial..., channels, filters].
void convolve(ShapeQuery& query, std::size_t rank) {
  const Shape input = ranked(query.shape(0), rank), kernel = ranked(query.shape(1), rank);
  const std::optional<Layout> layout = layout_of(query, rank);
  if (!layout) return;
  check_channels(input.dims()[layout->channel], kernel.dims()[rank - 2], kernel.dims()[rank - 1]);
  Dims dims = slide_all(query, *layout, input, spatial_sizes(kernel));
  dims[layout->channel] = kernel.dims()[rank - 1];
  query.give(Shape(std::move(dims)));
}

void convolve_images(ShapeQuery& query) {
  // Other data formats than NHWC and NCHW pack channels into a fifth dimension.
  if (layout_of(query, 4)) convolve(query, 4);
}

void convolve_volumes(ShapeQuery& query) { convolve(query, 5); }

void quantized_convolution(ShapeQuery& query) {
  convolve(query, 4);
  query.give_all(Shape());
}

// Kernels are [height, width, channels, multiplier].
void convolve_depthwise(ShapeQuery& query) {
  const std::optional<Layout> layout = layout_of(query, 4);
  if (!layout) return;
  const Shape input = ranked(query.shape(0), 4), kernel = ranked(query.shape(1), 4);
  const Dim channels = merged(input.dims()[layout->channel], kernel.dims()[2]);
  Dims dims = slide_all(query, *layout, input, spatial_sizes(kernel));
  dims[layout->channel] = multiply(channels, kernel.dims()[3]);
  query.give(Shape(std::move(dims)));
}

// Kernels are [height, width, channels]: the morphological operation.
void dilate(ShapeQuery& query) {
  const Shape input = ranked(query.shape(0), 4), kernel = ranked(query.shape(1), 3);
  Dims dims = slide_all(query, {4, 3, 1}, input, {kernel.dims()[0], kernel.dims()[1]});
  dims[3] = merged(dims[3], kernel.dims()[2]);
  query.give(Shape(std::move(dims)));
}

// Transposed convolution: the first input spells the result's shape, which the convolution must take back to
// the third.
void convolve_back(ShapeQuery& query, std::size_t rank) {
  const Shape spelled = query.spelled_shape(0);
  if (spelled.unknown_rank() || spelled.rank() != rank) return;
  const Shape kernel = ranked(query.shape(1), rank), output = ranked(query.shape(2), rank);
  const std::optional<Layout> layout = layout_of(query, rank);
  if (layout) {
    check_channels(spelled.dims()[layout->channel], kernel.dims()[rank - 2], kernel.dims()[rank - 1]);
    Dims dims = slide_all(query, *layout, spelled, spatial_sizes(kernel));
    dims[layout->channel] = kernel.dims()[rank - 1];
    merged(Shape(std::move(dims)), output);
  }
  query.give(spelled);
}

void convolve_images_back(ShapeQuery& query) { convolve_back(query, 4); }
void convolve_volumes_back(ShapeQuery& query) { convolve_back(query, 5); }

void kernel_gradient(ShapeQuery& query) { query.give(query.spelled_shape(1)); }

void pool(ShapeQuery& query, std::size_t rank) {
  const std::optional<Layout> layout = layout_of(query, rank);
  if (!layout) return;
  const Shape input = ranked(query.shape(0), rank);
  const std::vector<std::int64_t> sizes = query.integers("ksize"), strides = query.integers("strides");
  const bool spatial = sizes.size() == rank && strides.size() == rank && sizes[0] == 1 && strides[0] == 1 &&
                       sizes[layout->channel] == 1 && strides[layout->channel] == 1;
  if (!spatial) return query.give(unknown_of_rank(rank));
  const auto first = sizes.begin() + static_cast<std::ptrdiff_t>(layout->first);
  query.give(
      Shape(slide_all(query, *layout, input, Dims(first, first + static_cast<std::ptrdiff_t>(rank - 2)))));
}

void pool_images(ShapeQuery& query) { pool(query, 4); }
void pool_volumes(ShapeQuery& query) { pool(query, 5); }

void pool_with_places(ShapeQuery& query) {
  pool(query, 4);
  query.give_all(query.outputs().at(0).shape);
}

void quantized_pool(ShapeQuery& query) {
  pool(query, 4);
  query.give_all(Shape());
}

constexpr ShapeRow kWindowRows[] = {
    {"AvgPool", pool_images},
    {"AvgPool3D", pool_volumes},
    {"Conv2D", convolve_images},
    {"Conv2DBackpropFilter", kernel_gradient},
    {"Conv2DBackpropInput", convolve_images_back},
    {"Conv3D", convolve_volumes},
    {"Conv3DBackpropFilterV2", kernel_gradient},
    {"Conv3DBackpropInputV2", convolve_volumes_back},
    {"DepthwiseConv2dNative", convolve_depthwise},
    {"Dilation2D", dilate},
    {"MaxPool", pool_images},
    {"MaxPool3D", pool_volumes},
    {"MaxPoolWithArgmax", pool_with_places},
    {"QuantizedAvgPool", quantized_pool},
    {"QuantizedConv2D", quantized_convolution},
    {"QuantizedMaxPool", quantized_pool},
};

}  // namespace

std::span<const ShapeRow> window_shape_rows() { return kWindowRows; }

}  // namespace thaw::internal
