// Writes a checkpoint as TensorFlow's BundleWriter does (core/util/tensor_bundle/tensor_bundle.cc), byte for
// byte: one data file in the order of checkpoint/bundle_layout.h, and the index (checkpoint/table_writer.h)
// with the header under the empty key and an entry (checkpoint/bundle_messages.h) for each tensor. A
// partitioned tensor has one entry without bytes under its key, which lists the slices, and one for each
// slice under its slice key (checkpoint/ordered_code.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "thaw/checkpoint.h"
#include "thaw/destination.h"

namespace thaw::internal {

// Bytes of the data file. Throws as `write_bundle` does for contents that cannot be written.
std::uint64_t bundle_data_size(const CheckpointContents& contents);

// Appends the data file's bytes to `data` and returns the index file's. `progress`, which may be empty, hears
// how many bytes are done, at least every 256 KiB; what it throws passes through. Throws usage for keys that
// are empty or taken twice, unsupported for values a checkpoint cannot hold, and what reading and writing
// throw.
std::string write_bundle(const CheckpointContents& contents, OutputFile& data,
                         const std::function<void(std::uint64_t bytes_done)>& progress = {});

}  // namespace thaw::internal
