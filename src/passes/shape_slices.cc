#include "passes/shape_slices.h"

#include <algorithm>
#include <bit>

#include "passes/shape_rules.h"

namespace thaw::internal {

namespace {

// More entries than the masks have room for are refused by TensorFlow (util/strided_slice_op.cc).
constexpr std::size_t kMostEntries = 32;

struct Entry {
  Number begin, end, stride;
  bool whole_begin, whole_end, drop;
};

struct Masks {
  std::int64_t begin, end, ellipsis, added, dropped;
  static bool has(std::int64_t mask, std::size_t i) { return ((mask >> i) & 1) != 0; }
};

SlicePart drop_dimension(Dim dim, Number begin) {
  SlicePart part{SlicePart::Kind::dropped, begin, 1, 1};
  if (!begin || dim < 0) return {SlicePart::Kind::dropped, std::nullopt, 1, 1};
  if (*begin < 0) part.begin = *begin + dim;
  if (*part.begin < 0 || *part.begin >= dim) {
    clash("a dimension that has index " + std::to_string(*begin) + ", not one of size " +
          std::to_string(dim));
  }
  return part;
}

// An end of the interval, counted from 0 and moved into the dimension.
std::int64_t clamped(std::int64_t at, Dim dim, bool forward) {
  const std::int64_t lowest = forward ? 0 : -1;
  if (at < 0) at += dim;
  return std::clamp(at, lowest, lowest + dim);
}

SlicePart take_dimension(Dim dim, const Entry& entry) {
  if (entry.drop) return drop_dimension(dim, entry.begin);
  SlicePart part;
  if (!entry.stride || *entry.stride == 0 || dim < 0) return part;
  const bool begin_known = entry.whole_begin || entry.begin, end_known = entry.whole_end || entry.end;
  if (!begin_known || !end_known) return part;
  const std::int64_t stride = *entry.stride;
  const bool forward = stride > 0;
  const std::int64_t begin =
      entry.whole_begin ? (forward ? 0 : dim - 1) : clamped(*entry.begin, dim, forward);
  const std::int64_t end = entry.whole_end ? (forward ? dim : -1) : clamped(*entry.end, dim, forward);
  const std::int64_t span = end - begin;
  const bool empty = span == 0 || (span < 0) == forward;
  return {SlicePart::Kind::taken, begin, stride, empty ? 0 : span / stride + (span % stride != 0 ? 1 : 0)};
}

SlicePart take_whole(Dim dim) { return {SlicePart::Kind::taken, 0, 1, dim}; }

Entry entry_at(const ShapeQuery& query, const Masks& masks, std::size_t i) {
  return {query.number(1, i),         query.number(2, i),       query.number(3, i),
          Masks::has(masks.begin, i), Masks::has(masks.end, i), Masks::has(masks.dropped, i)};
}

// How many entries behind `i` take a dimension each.
std::size_t takers_behind(const Masks& masks, std::size_t i, std::size_t count) {
  std::size_t takers = 0;
  for (++i; i < count; ++i) takers += Masks::has(masks.added, i) ? 0 : 1;
  return takers;
}

void strided_slice(ShapeQuery& query) {
  const auto plan = plan_slice(query);
  if (!plan) return;
  Dims dims;
  for (const SlicePart& part : *plan) {
    if (part.kind != SlicePart::Kind::dropped) dims.push_back(part.size);
  }
  query.give(Shape(std::move(dims)));
}

void slice(ShapeQuery& query) {
  const Dim entries = merged(dim_of(ranked(query.shape(1), 1), 0), dim_of(ranked(query.shape(2), 1), 0));
  const Shape& whole = query.shape(0);
  if (whole.unknown_rank() && (entries < 0 || entries > static_cast<Dim>(kHighestRank))) return;
  const Shape input = entries < 0 ? whole : ranked(whole, static_cast<std::size_t>(entries));
  Dims dims(input.rank(), kAny);
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const Dim dim = input.dims()[i];
    const Number begin = query.number(1, i), size = query.number(2, i);
    if (!size || *size < -1 || (begin && *begin < 0)) continue;
    const Dim end = add(begin.value_or(0), std::max<Dim>(*size, 0));
    if (dim >= 0 && end > dim) clash("at least " + std::to_string(end) + ", not " + std::to_string(dim));
    dims[i] = *size >= 0 ? *size : (dim >= 0 && begin ? dim - *begin : kAny);
  }
  query.give(Shape(std::move(dims)));
}

void gather_rows(ShapeQuery& query, const Shape& params, std::int64_t axis) {
  const Shape& indices = query.shape(1);
  if (params.unknown_rank() || indices.unknown_rank()) return;
  const std::size_t at = place_of_axis(axis, params.rank());
  Dims dims = params.dims();
  const auto place = dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(at));
  dims.insert(place, indices.dims().begin(), indices.dims().end());
  query.give(Shape(std::move(dims)));
}

void gather(ShapeQuery& query) { gather_rows(query, query.shape(0), 0); }

void gather_variable(ShapeQuery& query) {
  const auto& handle = query.input(0).handle;
  if (handle && query.integer("batch_dims", 0) == 0) gather_rows(query, handle->shape, 0);
}

void gather_v2(ShapeQuery& query) {
  const Number axis = query.number(2);
  if (axis && query.integer("batch_dims", 0) == 0) gather_rows(query, query.shape(0), *axis);
}

void gather_nd(ShapeQuery& query) {
  const Shape &params = query.shape(0), &indices = query.shape(1);
  require_rank(indices, 1);
  if (params.unknown_rank() || indices.unknown_rank() || indices.dims().back() < 0) return;
  const Dim depth = indices.dims().back();
  if (depth > static_cast<Dim>(params.rank())) {
    clash("at least " + std::to_string(depth) + " dimensions, not " + params.to_string());
  }
  Dims dims(indices.dims().begin(), indices.dims().end() - 1);
  dims.insert(dims.end(), params.dims().begin() + depth, params.dims().end());
  query.give(Shape(std::move(dims)));
}

constexpr ShapeRow kSliceRows[] = {
    {"Gather", gather},      {"GatherNd", gather_nd},
    {"GatherV2", gather_v2}, {"ResourceGather", gather_variable},
    {"Slice", slice},        {"StridedSlice", strided_slice},
};

}  // namespace

std::optional<std::vector<SlicePart>> plan_slice(const ShapeQuery& query) {
  const Shape& input = query.shape(0);
  const Dim entries = dim_of(query.shape(3), 0);
  if (input.unknown_rank() || entries < 0 || entries > static_cast<Dim>(kMostEntries)) return std::nullopt;
  const auto count = static_cast<std::size_t>(entries);
  const Masks masks{query.integer("begin_mask", 0), query.integer("end_mask", 0),
                    query.integer("ellipsis_mask", 0), query.integer("new_axis_mask", 0),
                    query.integer("shrink_axis_mask", 0)};
  if (std::popcount(static_cast<std::uint64_t>(masks.ellipsis)) > 1) return std::nullopt;
  std::vector<SlicePart> plan;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (Masks::has(masks.ellipsis, i)) {
      for (const std::size_t behind = takers_behind(masks, i, count); at + behind < input.rank(); ++at) {
        plan.push_back(take_whole(input.dims()[at]));
      }
    } else if (Masks::has(masks.added, i)) {
      plan.push_back({SlicePart::Kind::added, std::nullopt, 1, 1});
    } else if (at >= input.rank()) {
      clash("more dimensions than " + input.to_string() + " has");
    } else {
      plan.push_back(take_dimension(input.dims()[at++], entry_at(query, masks, i)));
    }
  }
  for (; at < input.rank(); ++at) plan.push_back(take_whole(input.dims()[at]));
  return plan;
}

std::span<const ShapeRow> slice_shape_rows() { return kSliceRows; }

}  // namespace thaw::internal
