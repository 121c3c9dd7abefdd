// BundleLayout: which bytes of a checkpoint go where, decided before the first of them is written.
//
// Tensors lie one behind the other without gaps, in the order in which a Saver hands them to SaveV2: sorted
// by key, the parts of one key by where they begin. A blob that several entries share lies where the first of
// them puts it.
#pragma once

#include <cstdint>
#include <vector>

#include "thaw/checkpoint.h"
#include "thaw/source.h"

namespace thaw::internal {

struct BundleLayout {
  std::vector<std::size_t> entry_order;  // indices into the contents' entries
  std::vector<std::size_t> blob_order;   // of those blobs that an entry names
  std::vector<Range> blob_ranges;        // by number of the blob; in the data file
  std::uint64_t data_size = 0;
};

// Checks the contents: throws usage for keys that are empty or taken twice and for parts that are not one
// tensor cut up, unsupported for values a checkpoint cannot hold.
BundleLayout lay_out(const CheckpointContents& contents);

// Whether the entry is a part under a slice key of its own: a slice that is all of its tensor is an ordinary
// entry.
bool is_part(const CheckpointEntry& entry);

}  // namespace thaw::internal
