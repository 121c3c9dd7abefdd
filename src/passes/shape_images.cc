#include "passes/shape_rules.h"

namespace thaw::internal {

namespace {

void resize(ShapeQuery& query) {
  const Shape images = ranked(query.shape(0), 4), size = query.spelled_shape(1);
  query.give(Shape({images.dims()[0], dim_of(size, 0), dim_of(size, 1), images.dims()[3]}));
}

// Tensors of images with their data_format; height is at `first`, width behind it.
struct Places {
  std::size_t first, channel;
};

std::optional<Places> places_of(const ShapeQuery& query) {
  const std::string format = query.text("data_format", "NHWC");
  if (format == "NHWC") return Places{1, 3};
  if (format == "NCHW") return Places{2, 1};
  return std::nullopt;
}

void space_to_depth(ShapeQuery& query) {
  const std::optional<Places> places = places_of(query);
  if (!places) return;
  Dims dims = ranked(query.shape(0), 4).dims();
  const std::int64_t block = query.integer("block_size", kAny);
  for (const std::size_t at : {places->first, places->first + 1}) dims[at] = divide_exactly(dims[at], block);
  dims[places->channel] = multiply(dims[places->channel], multiply(block, block));
  query.give(Shape(std::move(dims)));
}

void depth_to_space(ShapeQuery& query) {
  const std::optional<Places> places = places_of(query);
  if (!places) return;
  Dims dims = ranked(query.shape(0), 4).dims();
  const std::int64_t block = query.integer("block_size", kAny);
  for (const std::size_t at : {places->first, places->first + 1}) dims[at] = multiply(dims[at], block);
  dims[places->channel] = divide_exactly(dims[places->channel], multiply(block, block));
  query.give(Shape(std::move(dims)));
}

// block_shape and the pairs that pad or crop each blocked dimension, which follow the batch.
struct Blocks {
  Dims sizes, before_and_after;
  Dim count = 1;
};

std::optional<Blocks> blocks_of(const ShapeQuery& query) {
  const Numbers *sizes = query.numbers(1), *margins = query.numbers(2);
  if (sizes == nullptr || margins == nullptr || margins->size() != 2 * sizes->size()) return std::nullopt;
  Blocks blocks;
  for (std::size_t i = 0; i < sizes->size(); ++i) {
    const Number size = (*sizes)[i], before = (*margins)[2 * i], after = (*margins)[2 * i + 1];
    if (!size || !before || !after || *size <= 0 || *before < 0 || *after < 0) return std::nullopt;
    blocks.sizes.push_back(*size);
    blocks.before_and_after.push_back(add(*before, *after));
    blocks.count = multiply(blocks.count, *size);
  }
  return blocks;
}

void space_to_batch(ShapeQuery& query) {
  const std::optional<Blocks> blocks = blocks_of(query);
  if (!blocks || query.shape(0).unknown_rank()) return;
  require_rank(query.shape(0), blocks->sizes.size() + 1);
  Dims dims = query.shape(0).dims();
  dims[0] = multiply(dims[0], blocks->count);
  for (std::size_t i = 0; i < blocks->sizes.size(); ++i) {
    dims[i + 1] = divide_exactly(add(dims[i + 1], blocks->before_and_after[i]), blocks->sizes[i]);
  }
  query.give(Shape(std::move(dims)));
}

void batch_to_space(ShapeQuery& query) {
  const std::optional<Blocks> blocks = blocks_of(query);
  if (!blocks || query.shape(0).unknown_rank()) return;
  require_rank(query.shape(0), blocks->sizes.size() + 1);
  Dims dims = query.shape(0).dims();
  dims[0] = divide_exactly(dims[0], blocks->count);
  for (std::size_t i = 0; i < blocks->sizes.size(); ++i) {
    const Dim whole = multiply(dims[i + 1], blocks->sizes[i]), crop = blocks->before_and_after[i];
    if (whole >= 0 && crop > whole)
      clash("at least " + std::to_string(crop) + " to crop, not " + std::to_string(whole));
    dims[i + 1] = whole < 0 || crop < 0 ? kAny : whole - crop;
  }
  query.give(Shape(std::move(dims)));
}

void decode_wav(ShapeQuery& query) {
  query.give(Shape({query.integer("desired_samples", kAny), query.integer("desired_channels", kAny)}));
  query.give(Shape());
}

// Of [samples, channels]: [channels, windows, bins], bins half the power of two that holds a window, and one.
void spectrogram(ShapeQuery& query) {
  const Shape sound = ranked(query.shape(0), 2);
  const std::int64_t window = query.integer("window_size", kAny), stride = query.integer("stride", kAny);
  if (window <= 0 || window > (std::int64_t{1} << 30) || stride <= 0) return;
  const Dim samples = sound.dims()[0];
  std::int64_t power = 1;
  while (power < window) power *= 2;
  const Dim steps = samples < 0 ? kAny : samples < window ? 0 : 1 + (samples - window) / stride;
  query.give(Shape({sound.dims()[1], steps, power / 2 + 1}));
}

void mfcc(ShapeQuery& query) {
  const Shape spectrum = ranked(query.shape(0), 3);
  query.give(Shape({spectrum.dims()[0], spectrum.dims()[1], query.integer("dct_coefficient_count", kAny)}));
}

constexpr ShapeRow kImageRows[] = {
    {"AudioSpectrogram", spectrogram},
    {"BatchToSpaceND", batch_to_space},
    {"DecodeWav", decode_wav},
    {"DepthToSpace", depth_to_space},
    {"Mfcc", mfcc},
    {"ResizeArea", resize},
    {"ResizeBicubic", resize},
    {"ResizeBilinear", resize},
    {"ResizeNearestNeighbor", resize},
    {"SpaceToBatchND", space_to_batch},
    {"SpaceToDepth", space_to_depth},
};

}  // namespace

std::span<const ShapeRow> image_shape_rows() { return kImageRows; }

}  // namespace thaw::internal
