#include <algorithm>

#include "passes/shape_rules.h"

namespace thaw::internal {

namespace {

std::string elements(Dim count) { return std::to_string(count) + (count == 1 ? " element" : " elements"); }

// The known dimensions multiplied, and where the unknown one is.
struct Volume {
  Dim known = 1;
  std::size_t unknown_count = 0, unknown_at = 0;
};

Volume volume_of(const Shape& shape) {
  Volume volume;
  for (std::size_t i = 0; i < shape.rank(); ++i) {
    const Dim dim = shape.dims()[i];
    if (dim < 0) {
      ++volume.unknown_count;
      volume.unknown_at = i;
    } else {
      volume.known = multiply(volume.known, dim);
    }
  }
  return volume;
}

// The same elements in another shape, which may leave one dimension open.
Shape reshaped(const Shape& from, const Shape& to) {
  if (from.unknown_rank() || to.unknown_rank()) return to;
  const Volume in = volume_of(from), out = volume_of(to);
  if (in.known < 0 || out.known < 0 || in.unknown_count > 1 || out.unknown_count > 1) return to;
  const bool open = out.unknown_count == 1;
  if (in.unknown_count == 0 && !open) {
    if (in.known != out.known) {
      clash(elements(out.known) + " for " + to.to_string() + ", not " + std::to_string(in.known));
    }
    return to;
  }
  if (in.unknown_count == 0) {
    if (out.known == 0) return to;
    if (in.known % out.known != 0) {
      clash("a multiple of " + elements(out.known) + " for " + to.to_string() + ", not " +
            std::to_string(in.known));
    }
    Dims dims = to.dims();
    dims[out.unknown_at] = in.known / out.known;
    return Shape(std::move(dims));
  }
  if (!open && in.known > 0 && out.known % in.known != 0) {
    clash(elements(out.known) + " for " + to.to_string() + ", not a multiple of " + std::to_string(in.known));
  }
  return to;
}

void reshape(ShapeQuery& query) { query.give(reshaped(query.shape(0), query.spelled_shape(1))); }

void quantized_reshape(ShapeQuery& query) {
  reshape(query);
  query.give_all(Shape());
}

void broadcast_to(ShapeQuery& query) {
  const Shape& from = query.shape(0);
  const Shape to = query.spelled_shape(1);
  if (!from.unknown_rank() && !to.unknown_rank()) {
    if (from.rank() > to.rank())
      clash("at most " + std::to_string(to.rank()) + " dimensions, not " + from.to_string());
    const std::size_t ahead = to.rank() - from.rank();
    for (std::size_t i = 0; i < from.rank(); ++i) {
      if (from.dims()[i] != 1) merged(from.dims()[i], to.dims()[ahead + i]);
    }
  }
  query.give(to);
}

void expand(ShapeQuery& query) {
  const Shape& input = query.shape(0);
  if (input.unknown_rank()) return;
  const Number axis = query.number(1);
  if (!axis) return query.give(unknown_of_rank(input.rank() + 1));
  Dims dims = input.dims();
  dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(place_of_axis(*axis, input.rank() + 1)), 1);
  query.give(Shape(std::move(dims)));
}

void squeeze(ShapeQuery& query) {
  const Shape& input = query.shape(0);
  if (input.unknown_rank()) return;
  const std::vector<std::int64_t> axes = query.integers("squeeze_dims");
  std::vector<bool> gone(input.rank());
  for (const std::int64_t axis : axes) gone[place_of_axis(axis, input.rank())] = true;
  Dims dims;
  for (std::size_t i = 0; i < input.rank(); ++i) {
    const Dim dim = input.dims()[i];
    if (axes.empty() && dim < 0) return;
    if (axes.empty() ? dim == 1 : gone[i]) {
      if (dim > 1 || dim == 0) clash("1 in dimension " + std::to_string(i) + ", not " + std::to_string(dim));
    } else {
      dims.push_back(dim);
    }
  }
  query.give(Shape(std::move(dims)));
}

void transpose(ShapeQuery& query) {
  const Dim places = dim_of(query.shape(1), 0);
  const Shape& input = query.shape(0);
  // A permutation of one entry leaves a scalar as it is, too.
  if (input.unknown_rank() && (places < 2 || places > static_cast<Dim>(kHighestRank))) return;
  const Shape known = input.unknown_rank() ? ranked(input, static_cast<std::size_t>(places)) : input;
  if (places >= 0) ranked(known, static_cast<std::size_t>(places));
  Dims dims(known.rank(), kAny);
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const Number from = query.number(1, i);
    if (from) dims[i] = known.dims()[place_of_axis(*from, dims.size())];
  }
  query.give(Shape(std::move(dims)));
}

void tile(ShapeQuery& query) {
  const Shape times = query.spelled_shape(1);
  const Shape& input = query.shape(0);
  if (times.unknown_rank()) return query.give(input.unknown_rank() ? input : unknown_of_rank(input.rank()));
  const Shape known = ranked(input, times.rank());
  Dims dims = known.dims();
  for (std::size_t i = 0; i < dims.size(); ++i) dims[i] = multiply(dims[i], times.dims()[i]);
  query.give(Shape(std::move(dims)));
}

// Rows of (before, after).
void pad(ShapeQuery& query) {
  const Dim rows = dim_of(query.shape(1), 0);
  const Shape& input = query.shape(0);
  if (rows > static_cast<Dim>(kHighestRank) || (rows < 0 && input.unknown_rank())) return;
  const Shape known = rows < 0 ? input : ranked(input, static_cast<std::size_t>(rows));
  Dims dims(known.rank(), kAny);
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const Number before = query.number(1, 2 * i), after = query.number(1, 2 * i + 1);
    if (before && after && *before >= 0 && *after >= 0) dims[i] = add(known.dims()[i], add(*before, *after));
  }
  query.give(Shape(std::move(dims)));
}

void one_hot(ShapeQuery& query) {
  const Shape& indices = query.shape(0);
  if (indices.unknown_rank()) return;
  const Number depth = query.number(1);
  Dims dims = indices.dims();
  const std::size_t at = place_of_axis(query.integer("axis", -1), dims.size() + 1);
  dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(at), depth && *depth >= 0 ? *depth : kAny);
  query.give(Shape(std::move(dims)));
}

constexpr ShapeRow kArrayRows[] = {
    {"BroadcastTo", broadcast_to},
    {"ExpandDims", expand},
    {"MirrorPad", pad},
    {"OneHot", one_hot},
    {"Pad", pad},
    {"PadV2", pad},
    {"QuantizedReshape", quantized_reshape},
    {"Reshape", reshape},
    {"Squeeze", squeeze},
    {"Tile", tile},
    {"Transpose", transpose},
};

}  // namespace

std::span<const ShapeRow> array_shape_rows() { return kArrayRows; }

}  // namespace thaw::internal
