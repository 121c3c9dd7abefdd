#include "checks/bundle_index.h"

#include <algorithm>
#include <tuple>

#include "checkpoint/ordered_code.h"
#include "checkpoint/slice_place.h"
#include "checkpoint/table_reader.h"

namespace thaw::internal {

namespace {

class IndexReader {
 public:
  IndexReader(const SourcePtr& file, Findings& findings) : file_(file), findings_(findings) {}

  std::optional<BundleIndex> run() {
    try {
      const TableReader table(file_);
      table.scan([this](Bytes key, Bytes value) { take(key, value); },
                 [this](std::uint64_t at, const Error& error) { damaged({file_->name(), at}, error); });
      for (const Range& gap : table.gaps()) {
        findings_.warn({file_->name(), gap.at}, std::to_string(gap.size) + " bytes that no block owns");
      }
    } catch (const Error& error) {
      damaged({file_->name()}, error);
      return std::nullopt;
    }
    if (index_.shards == 0 && index_.whole) {
      findings_.add(ProblemKind::damaged, {file_->name()},
                    {"a table without the header of a checkpoint", "its empty key first",
                     "is this the index of a checkpoint?"});
      index_.whole = false;
    }
    findings_.count(index_.entries.size(), file_->size());
    return std::move(index_);
  }

 private:
  void damaged(FindingPlace place, const Error& error) {
    findings_.add(error, std::move(place));
    index_.whole = false;
  }

  void take(Bytes key, Bytes value) {
    try {
      if (key.empty()) {
        index_.shards = decode_bundle_header(value);
        return;
      }
      StoredTensor tensor{std::string(key), decode_bundle_entry(value)};
      // Without a header the number of data files is not known.
      check_bundle_entry(tensor.entry, index_.shards == 0 ? UINT32_MAX : index_.shards);
      index_.entries.push_back(std::move(tensor));
    } catch (const Error& error) {
      damaged({file_->name(), std::nullopt, std::string(key)}, error);
    }
  }

  SourcePtr file_;
  Findings& findings_;
  BundleIndex index_;
};

std::size_t place_of(const BundleIndex& index, Bytes key) {
  const auto found = std::ranges::lower_bound(index.entries, key, {},
                                              [](const StoredTensor& each) { return Bytes(each.key); });
  const bool there = found != index.entries.end() && found->key == key;
  return there ? static_cast<std::size_t>(found - index.entries.begin()) : index.entries.size();
}

Shape shape_of_slice(const Slice& slice) {
  std::vector<std::int64_t> dims;
  for (const SliceExtent& extent : slice) dims.push_back(extent.length);
  return Shape(std::move(dims));
}

class SliceChecker {
 public:
  SliceChecker(const BundleIndex& index, const std::string& file, Findings& findings)
      : index_(index), file_(file), findings_(findings), slices_(index.entries.size()) {}

  std::vector<bool> run() {
    for (const StoredTensor& tensor : index_.entries) {
      if (!tensor.entry.slices.empty()) check(tensor);
    }
    for (std::size_t i = 0; i < slices_.size(); ++i) {
      // The keys of slices begin with a zero byte (checkpoint/ordered_code.h).
      if (slices_[i] || !index_.entries[i].key.starts_with('\0')) continue;
      slices_[i] = true;
      if (!index_.whole) continue;
      findings_.add(ProblemKind::missing, {file_, std::nullopt, index_.entries[i].key},
                    {"a slice that no tensor lists", "the entry of its tensor"});
    }
    return std::move(slices_);
  }

 private:
  void check(const StoredTensor& tensor) {
    std::vector<Slice> slices;
    for (const Slice& slice : tensor.entry.slices)
      slices.push_back(explicit_slice(tensor.entry.shape, slice));
    const FindingPlace place{file_, std::nullopt, tensor.key};
    if (const std::optional<std::string> fault = tiling_fault(tensor.entry.shape, slices)) {
      findings_.add(ProblemKind::damaged, place, {*fault, "slices that cover the tensor exactly once"});
    }
    for (std::size_t i = 0; i < slices.size(); ++i) {
      const std::size_t at = place_of(index_, slice_key(tensor.key, tensor.entry.slices[i]));
      if (at == index_.entries.size()) {
        if (!index_.whole) continue;
        findings_.add(ProblemKind::missing, place,
                      {"the slice " + slice_text(slices[i]) + " is not in the index", "every slice"});
        continue;
      }
      slices_[at] = true;
      compare(tensor, slices[i], index_.entries[at].entry);
    }
  }

  void compare(const StoredTensor& whole, const Slice& slice, const BundleEntry& part) {
    if (part.dtype == whole.entry.dtype && part.shape == shape_of_slice(slice) && part.slices.empty()) return;
    findings_.add(
        ProblemKind::mismatch, {file_, std::nullopt, whole.key},
        {"the slice " + slice_text(slice) + " is stored as " + std::string(name_of(part.dtype)) +
             " of shape " + part.shape.to_string() + (part.slices.empty() ? "" : ", itself in slices"),
         std::string(name_of(whole.entry.dtype)) + " of shape " + shape_of_slice(slice).to_string()});
  }

  const BundleIndex& index_;
  const std::string& file_;
  Findings& findings_;
  std::vector<bool> slices_;
};

}  // namespace

std::optional<BundleIndex> read_bundle_index(const SourcePtr& index, Findings& findings) {
  return IndexReader(index, findings).run();
}

std::vector<bool> check_slices(const BundleIndex& index, const std::string& file, Findings& findings) {
  return SliceChecker(index, file, findings).run();
}

void check_overlaps(const BundleIndex& index, const std::string& file, Findings& findings) {
  std::vector<const StoredTensor*> placed;
  for (const StoredTensor& tensor : index.entries) {
    if (tensor.entry.range.size != 0) placed.push_back(&tensor);
  }
  std::ranges::sort(placed, {}, [](const StoredTensor* each) {
    return std::tuple(each->entry.shard, each->entry.range.at, each->entry.range.size);
  });
  for (std::size_t i = 1; i < placed.size(); ++i) {
    const BundleEntry& before = placed[i - 1]->entry;
    const BundleEntry& here = placed[i]->entry;
    const bool apart = here.shard != before.shard || here.range.at - before.range.at >= before.range.size;
    if (apart || here.range == before.range) continue;
    findings.add(ProblemKind::damaged, {file, std::nullopt, placed[i]->key},
                 {"overlaps with " + thaw::quoted(placed[i - 1]->key) + " in data file " +
                      std::to_string(here.shard) + ", at byte " + std::to_string(here.range.at),
                  "tensors beside each other, or the same bytes"});
  }
}

}  // namespace thaw::internal
