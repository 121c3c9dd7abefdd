#include "checkpoint/bundle_layout.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "checkpoint/slice_place.h"
#include "checkpoint/string_tensor.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

bool comes_before(const CheckpointEntry& a, const CheckpointEntry& b) {
  if (a.key != b.key) return a.key < b.key;
  if (!a.slice || !b.slice) return false;
  return std::ranges::lexicographical_compare(a.slice->extents, b.slice->extents, {}, &SliceExtent::start,
                                              &SliceExtent::start);
}

void check_entry(const CheckpointContents& contents, const CheckpointEntry& entry) {
  if (entry.key.empty() || entry.key.front() == '\0') {
    throw Error(ErrorKind::usage, "a tensor named " + thaw::quoted(entry.key),
                "a name that is not empty and does not begin with a zero byte: such keys have other uses",
                "give it another name");
  }
  if (entry.blob >= contents.blobs.size())
    throw Error(ErrorKind::bug, "the entry " + thaw::quoted(entry.key) + " has no value");
  const DType dtype = contents.blobs[entry.blob].dtype();
  if (dtype != DType::string && element_size(dtype) == 0) {
    throw Error(ErrorKind::unsupported,
                thaw::quoted(entry.key) + " is a tensor of dtype " + std::string(name_of(dtype)),
                "numbers or strings: a checkpoint holds nothing else", "leave it out");
  }
  if (!entry.slice) return;
  std::vector<std::int64_t> dims;
  for (const SliceExtent& extent : entry.slice->extents) dims.push_back(extent.length);
  if (contents.blobs[entry.blob].shape() != Shape(dims)) {
    throw Error(ErrorKind::usage,
                "the slice " + slice_text(entry.slice->extents) + " of " + thaw::quoted(entry.key) +
                    " has a value of shape " + contents.blobs[entry.blob].shape().to_string(),
                "the slice's own shape " + Shape(dims).to_string());
  }
}

// The entries of one key, two or more.
void check_parts(const CheckpointContents& contents, std::span<const std::size_t> group) {
  const CheckpointEntry& first = contents.entries[group.front()];
  std::vector<Slice> slices;
  for (const std::size_t i : group) {
    const CheckpointEntry& entry = contents.entries[i];
    if (!entry.slice || !first.slice) {
      throw Error(ErrorKind::usage, "two tensors are to be named " + thaw::quoted(entry.key),
                  "a name for each", "rename one of them");
    }
    const bool alike = entry.slice->full_shape == first.slice->full_shape &&
                       contents.blobs[entry.blob].dtype() == contents.blobs[first.blob].dtype();
    if (!alike) {
      throw Error(ErrorKind::usage, "the parts of " + thaw::quoted(entry.key) + " are of different tensors",
                  "one full shape and one dtype");
    }
    slices.push_back(entry.slice->extents);
  }
}

void check_tiling(const CheckpointContents& contents, std::span<const std::size_t> group) {
  std::vector<Slice> slices;
  for (const std::size_t i : group) slices.push_back(contents.entries[i].slice->extents);
  const CheckpointEntry& first = contents.entries[group.front()];
  if (const std::optional<std::string> fault = tiling_fault(first.slice->full_shape, slices)) {
    throw Error(ErrorKind::usage, thaw::quoted(first.key) + ": " + *fault,
                "parts that cover the tensor exactly once", "name all of its parts, or none");
  }
}

void check_keys(const CheckpointContents& contents, const std::vector<std::size_t>& order) {
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && contents.entries[order[end]].key == contents.entries[order[begin]].key)
      ++end;
    const std::span group = std::span(order).subspan(begin, end - begin);
    if (group.size() > 1) check_parts(contents, group);
    if (contents.entries[group.front()].slice) check_tiling(contents, group);
    begin = end;
  }
}

std::uint64_t stored_size(const Value& value) {
  return value.dtype() == DType::string ? string_tensor_size(value) : value.byte_size();
}

}  // namespace

bool is_part(const CheckpointEntry& entry) {
  return entry.slice && !covers_all(entry.slice->full_shape, entry.slice->extents);
}

BundleLayout lay_out(const CheckpointContents& contents) {
  BundleLayout layout;
  for (const CheckpointEntry& entry : contents.entries) check_entry(contents, entry);
  layout.entry_order.resize(contents.entries.size());
  std::iota(layout.entry_order.begin(), layout.entry_order.end(), 0u);
  std::ranges::stable_sort(layout.entry_order, [&](std::size_t a, std::size_t b) {
    return comes_before(contents.entries[a], contents.entries[b]);
  });
  check_keys(contents, layout.entry_order);
  layout.blob_ranges.resize(contents.blobs.size());
  std::vector<bool> placed(contents.blobs.size());
  for (const std::size_t i : layout.entry_order) {
    const std::size_t blob = contents.entries[i].blob;
    if (placed[blob]) continue;
    placed[blob] = true;
    layout.blob_order.push_back(blob);
    layout.blob_ranges[blob] = {layout.data_size, stored_size(contents.blobs[blob])};
    if (__builtin_add_overflow(layout.data_size, layout.blob_ranges[blob].size, &layout.data_size)) {
      throw Error(ErrorKind::unsupported, "tensors of more than 2^64 bytes in all", "what a disk can hold");
    }
  }
  return layout;
}

}  // namespace thaw::internal
