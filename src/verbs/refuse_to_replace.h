// What is being read is not replaced, with --force neither: nobody means to lose it.
#pragma once

#include "thaw/destination.h"

namespace thaw::internal {

// Which output is in the way of what: words for the message.
struct Replacement {
  const char* what;    // "the model"
  const char* result;  // "checkpoint"
  const char* name;    // "prefix"
};

// Throws output_exists when `path` is the file that `source` reads.
void refuse_to_replace(const std::filesystem::path& path, const Source& source,
                       const Destination& destination, const Replacement& words);

}  // namespace thaw::internal
