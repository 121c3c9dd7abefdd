// The index of a checkpoint, entry by entry: what is wrong with one does not hide the others.
#pragma once

#include <optional>
#include <vector>

#include "checkpoint/bundle_reader.h"
#include "checks/findings.h"

namespace thaw::internal {

struct BundleIndex {
  std::uint32_t shards = 0;           // 0: the header cannot be read
  std::vector<StoredTensor> entries;  // those that make sense, in the order of the table, slices among them
  bool whole = true;                  // nothing was left out
};

// Nothing when not even its blocks can be found.
std::optional<BundleIndex> read_bundle_index(const SourcePtr& index, Findings& findings);

// Slices that make up their tensors, tensors beside each other. Returns which entries are slices of others.
std::vector<bool> check_slices(const BundleIndex& index, const std::string& file, Findings& findings);
void check_overlaps(const BundleIndex& index, const std::string& file, Findings& findings);

}  // namespace thaw::internal
