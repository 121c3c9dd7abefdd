#include "checkpoint/slice_place.h"

#include <algorithm>
#include <numeric>

#include "checkpoint/ordered_code.h"

namespace thaw {

std::string SlicePlace::spec() const {
  std::string text;
  for (const std::int64_t dim : full_shape.dims()) text += std::to_string(dim) + ' ';
  for (std::size_t i = 0; i < extents.size(); ++i) {
    if (i != 0) text += ':';
    text += std::to_string(extents[i].start) + ',' + std::to_string(extents[i].length);
  }
  return text;
}

namespace internal {

namespace {

// Comparing each pair is quadratic; partitioners cut along one axis, where the sweep below compares
// neighbours only.
constexpr std::size_t kMostComparisons = 16u << 20;

bool fits(const Shape& full, const Slice& slice) {
  if (slice.size() != full.rank()) return false;
  for (std::size_t i = 0; i < slice.size(); ++i) {
    const SliceExtent& extent = slice[i];
    if (extent.start < 0 || extent.length < 1 || extent.length > full.dims()[i]) return false;
    if (extent.start > full.dims()[i] - extent.length) return false;
  }
  return true;
}

bool overlap(const Slice& a, const Slice& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].start >= b[i].start + b[i].length || b[i].start >= a[i].start + a[i].length) return false;
  }
  return true;
}

// The axis along which most cuts lie.
std::size_t cut_axis(const std::vector<Slice>& slices) {
  std::size_t best = 0;
  std::size_t most = 0;
  for (std::size_t axis = 0; axis < slices.front().size(); ++axis) {
    std::vector<std::int64_t> starts;
    for (const Slice& slice : slices) starts.push_back(slice[axis].start);
    std::ranges::sort(starts);
    const auto distinct =
        static_cast<std::size_t>(std::unique(starts.begin(), starts.end()) - starts.begin());
    if (distinct > most) {
      best = axis;
      most = distinct;
    }
  }
  return best;
}

std::optional<std::string> overlap_fault(const std::vector<Slice>& slices) {
  if (slices.size() < 2) return std::nullopt;
  if (slices.front().empty()) return "a scalar has more than one slice";
  const std::size_t axis = cut_axis(slices);
  std::vector<std::size_t> order(slices.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::size_t i) { return slices[i][axis].start; });
  std::vector<std::size_t> open;  // slices that reach over the place where the sweep is
  std::size_t compared = 0;
  for (const std::size_t i : order) {
    const std::int64_t start = slices[i][axis].start;
    std::erase_if(open,
                  [&](std::size_t j) { return slices[j][axis].start + slices[j][axis].length <= start; });
    for (const std::size_t j : open) {
      if (overlap(slices[i], slices[j])) {
        return "the slices " + slice_text(slices[j]) + " and " + slice_text(slices[i]) + " overlap";
      }
    }
    compared += open.size();
    if (compared > kMostComparisons) return "too many slices side by side to compare them";
    open.push_back(i);
  }
  return std::nullopt;
}

}  // namespace

Slice explicit_slice(const Shape& full, const Slice& slice) {
  Slice said = slice;
  for (std::size_t i = 0; i < std::min(said.size(), full.rank()); ++i) {
    if (said[i].length == kWholeDimension && said[i].start == 0) said[i].length = full.dims()[i];
  }
  return said;
}

bool covers_all(const Shape& full, const Slice& slice) {
  if (slice.size() != full.rank()) return false;
  for (std::size_t i = 0; i < slice.size(); ++i) {
    if (slice[i].start != 0 || slice[i].length != full.dims()[i]) return false;
  }
  return true;
}

std::optional<std::string> tiling_fault(const Shape& full, const std::vector<Slice>& slices) {
  std::int64_t left = full.element_count().value_or(0);
  for (const Slice& slice : slices) {
    if (!fits(full, slice))
      return "the slice " + slice_text(slice) + " does not fit into " + full.to_string();
    std::int64_t count = 1;
    bool overflows = false;  // as the count of `full` then does
    for (const SliceExtent& extent : slice)
      overflows = overflows || __builtin_mul_overflow(count, extent.length, &count);
    if (overflows || count > left)
      return "the slices hold more than the " + full.to_string() + " they are of";
    left -= count;
  }
  if (std::optional<std::string> fault = overlap_fault(slices)) return fault;
  if (left != 0) return std::to_string(left) + " elements of " + full.to_string() + " are in no slice";
  return std::nullopt;
}

std::string slice_text(const Slice& slice) {
  std::string text = "[";
  for (std::size_t i = 0; i < slice.size(); ++i) {
    if (i != 0) text += ',';
    text += std::to_string(slice[i].start) + ':';
    std::int64_t end = 0;
    if (__builtin_add_overflow(slice[i].start, slice[i].length, &end)) end = INT64_MAX;
    if (slice[i].length != kWholeDimension) text += std::to_string(end);
  }
  return text + "]";
}

}  // namespace internal

}  // namespace thaw
