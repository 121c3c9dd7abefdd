#include "checkpoint/bundle_reader.h"

#include <algorithm>
#include <ranges>
#include <tuple>

#include "checkpoint/bundle_names.h"
#include "checkpoint/joined_value.h"
#include "checkpoint/ordered_code.h"
#include "checkpoint/slice_place.h"
#include "checkpoint/stored_value.h"
#include "checkpoint/string_tensor.h"
#include "checkpoint/table_reader.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

const StoredTensor* find_in(const std::vector<StoredTensor>& sorted, Bytes key) {
  const auto found =
      std::ranges::lower_bound(sorted, key, {}, [](const StoredTensor& t) { return Bytes(t.key); });
  return found == sorted.end() || found->key != key ? nullptr : &*found;
}

// What lies where, of all entries that have bytes.
struct Place {
  std::uint32_t shard;
  Range range;
  const std::string* key;
};

}  // namespace

void check_bundle_entry(const BundleEntry& entry, std::uint32_t shards) {
  if (entry.shard >= shards) {
    throw Error(ErrorKind::malformed, "data file " + std::to_string(entry.shard),
                "one of " + std::to_string(shards) + ", counted from 0");
  }
  const std::size_t element = element_size(entry.dtype);
  if (!entry.slices.empty() || element == 0) return;
  const auto count = static_cast<std::uint64_t>(entry.shape.element_count().value_or(0));
  if (entry.range.size / element != count || entry.range.size % element != 0) {
    throw Error(ErrorKind::malformed,
                std::to_string(entry.range.size) + " bytes for " + std::string(name_of(entry.dtype)) +
                    " of shape " + entry.shape.to_string(),
                std::to_string(element) + " bytes an element");
  }
}

BundleReader::BundleReader(SourcePtr index, OpenShard open_shard) : open_shard_(std::move(open_shard)) {
  read_index(index);
  try {
    hide_slices();
    check_overlaps();
  } catch (Error& error) {
    throw error.at(index->name());
  }
}

void BundleReader::read_index(const SourcePtr& index) {
  const TableReader table(index);
  bool first = true;
  table.for_each([&](Bytes key, Bytes value) {
    if (first != key.empty()) {
      throw Error(ErrorKind::malformed, "the table begins with key " + thaw::quoted(key),
                  "the empty key of a checkpoint's header", "is this the index of a checkpoint?");
    }
    try {
      if (first) {
        shards_ = decode_bundle_header(value);
      } else {
        tensors_.push_back({std::string(key), decode_bundle_entry(value)});
        check_bundle_entry(tensors_.back().entry, shards_);
      }
    } catch (Error& error) {
      throw error.at(first ? "header" : "tensor " + thaw::quoted(key));
    }
    first = false;
  });
  if (first) {
    throw Error(ErrorKind::malformed, "a table without entries", "a checkpoint's header").at(index->name());
  }
}

void BundleReader::hide_slices() {
  std::vector<bool> hidden(tensors_.size());
  bool any = false;
  for (const StoredTensor& tensor : tensors_) {
    for (const Slice& slice : tensor.entry.slices) {
      const StoredTensor* part = find_in(tensors_, slice_key(tensor.key, slice));
      if (part == nullptr) continue;
      hidden[static_cast<std::size_t>(part - tensors_.data())] = true;
      any = true;
    }
  }
  if (!any) return;
  std::vector<StoredTensor> shown;
  for (std::size_t i = 0; i < tensors_.size(); ++i)
    (hidden[i] ? parts_ : shown).push_back(std::move(tensors_[i]));
  tensors_ = std::move(shown);
}

void BundleReader::check_overlaps() const {
  std::vector<Place> places;
  for (const std::vector<StoredTensor>* list : {&tensors_, &parts_}) {
    for (const StoredTensor& tensor : *list) {
      if (tensor.entry.range.size != 0)
        places.push_back({tensor.entry.shard, tensor.entry.range, &tensor.key});
    }
  }
  std::ranges::sort(places, {}, [](const Place& p) { return std::tuple(p.shard, p.range.at, p.range.size); });
  for (std::size_t i = 1; i < places.size(); ++i) {
    const Place& before = places[i - 1];
    const Place& here = places[i];
    const bool apart = here.shard != before.shard || here.range.at - before.range.at >= before.range.size;
    if (apart || here.range == before.range) continue;
    throw Error(ErrorKind::malformed,
                "the tensors " + thaw::quoted(*before.key) + " and " + thaw::quoted(*here.key) +
                    " overlap in data file " + std::to_string(here.shard),
                "tensors beside each other, or the same bytes");
  }
}

const StoredTensor* BundleReader::find(Bytes key) const { return find_in(tensors_, key); }

Value BundleReader::value(Bytes key) {
  const StoredTensor* tensor = find(key);
  if (tensor == nullptr) throw Error(ErrorKind::bug, "the checkpoint has no tensor " + thaw::quoted(key));
  try {
    return tensor->entry.slices.empty() ? stored(tensor->entry) : joined(*tensor);
  } catch (Error& error) {
    throw error.at("tensor " + thaw::quoted(key));
  }
}

void BundleReader::check(Bytes key) {
  const Value whole = value(key);
  try {
    read_through(whole);
  } catch (Error& error) {
    throw error.at("tensor " + thaw::quoted(key));
  }
}

SourcePtr BundleReader::shard(std::uint32_t number) {
  SourcePtr& source = opened_[number];
  if (source) return source;
  try {
    source = open_shard_(number, shards_);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input_io) throw;
    Error missing(error.kind(), error.problem(),
                  "data file " + std::to_string(number + 1) + " of the " + std::to_string(shards_) +
                      " that the index names",
                  "put it beside the index, which has names and shapes but no values");
    for (const std::string& place : error.places() | std::views::reverse) missing.at(place);
    throw missing;
  }
  return source;
}

Value BundleReader::stored(const BundleEntry& entry) {
  if (entry.dtype != DType::string && element_size(entry.dtype) == 0) {
    throw Error(ErrorKind::unsupported, "a tensor of dtype " + std::string(name_of(entry.dtype)),
                "numbers or strings");
  }
  SourcePtr source = shard(entry.shard);
  const std::uint64_t size = source->size();
  if (entry.range.at > size || entry.range.size > size - entry.range.at) {
    throw Error(ErrorKind::malformed,
                std::to_string(entry.range.size) + " bytes at byte " + std::to_string(entry.range.at),
                "at most " + std::to_string(size) + ", the size of the file",
                "the file is cut, or it and the index are of different saves")
        .at(source->name());
  }
  if (entry.dtype == DType::string)
    return stored_strings(entry.shape, std::move(source), entry.range, entry.crc);
  if (entry.range.size == 0 && entry.crc != 0) {
    throw Error(ErrorKind::malformed, "an empty tensor with checksum " + std::to_string(entry.crc), "0");
  }
  return stored_value(entry.dtype, entry.shape, std::move(source), entry.range, entry.crc);
}

Value BundleReader::joined(const StoredTensor& tensor) {
  const BundleEntry& whole = tensor.entry;
  std::vector<Slice> slices;
  for (const Slice& slice : whole.slices) slices.push_back(explicit_slice(whole.shape, slice));
  if (const std::optional<std::string> fault = tiling_fault(whole.shape, slices)) {
    throw Error(ErrorKind::malformed, *fault, "slices that cover the tensor exactly once");
  }
  if (whole.dtype == DType::string || element_size(whole.dtype) == 0) {
    throw Error(ErrorKind::unsupported, "a partitioned tensor of dtype " + std::string(name_of(whole.dtype)),
                "numbers");
  }
  std::vector<TensorPart> parts;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const StoredTensor* part = find_in(parts_, slice_key(tensor.key, whole.slices[i]));
    if (part == nullptr) {
      throw Error(ErrorKind::malformed, "the slice " + slice_text(slices[i]) + " is not in the index",
                  "every slice");
    }
    std::vector<std::int64_t> dims;
    for (const SliceExtent& extent : slices[i]) dims.push_back(extent.length);
    const BundleEntry& entry = part->entry;
    if (entry.dtype != whole.dtype || entry.shape != Shape(dims) || !entry.slices.empty()) {
      throw Error(ErrorKind::malformed,
                  "the slice " + slice_text(slices[i]) + " is stored as " +
                      std::string(name_of(entry.dtype)) + " of shape " + entry.shape.to_string() +
                      (entry.slices.empty() ? "" : ", itself in slices"),
                  std::string(name_of(whole.dtype)) + " of shape " + Shape(dims).to_string());
    }
    parts.push_back({slices[i], stored(entry)});
  }
  return join_parts(whole.dtype, whole.shape, std::move(parts));
}

BundleReader open_bundle(const std::filesystem::path& prefix) {
  return BundleReader(open_file(index_path(prefix)), [prefix](std::uint32_t shard, std::uint32_t shards) {
    return open_file(data_path(prefix, shard, shards));
  });
}

BundleReader open_bundle(const Destination& destination, const std::filesystem::path& prefix) {
  return BundleReader(destination.open(index_path(prefix)),
                      [&destination, prefix](std::uint32_t shard, std::uint32_t shards) {
                        return destination.open(data_path(prefix, shard, shards));
                      });
}

}  // namespace thaw::internal
