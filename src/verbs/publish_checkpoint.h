// A checkpoint and the state file beside it: staged, read back, proved, and only then published.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "io/recipe.h"
#include "thaw/checkpoint.h"
#include "thaw/destination.h"
#include "thaw/report.h"

namespace thaw::internal {

struct PublishWishes {
  bool force, keep_state, sync, verify;
  const std::function<bool()>& stop;
  const std::function<void(std::uint64_t done, std::uint64_t total)>& progress;
};
// Of any verb.
template <typename Options>
PublishWishes publish_wishes(const Options& options) {
  return {options.force, options.keep_state, options.sync, options.verify, options.stop, options.progress};
}

struct CheckpointPlace {
  const std::filesystem::path& prefix;
  const std::shared_ptr<Destination>& destination;
};

// The .meta file of the set, and what looks at it once it is staged.
struct GraphToPublish {
  Recipe meta_graph;  // let go of once it is written
  std::function<void(const SourcePtr& written)> prove;
};

// The values are read from `model`, which must not be one of the files. Returns what was written.
std::vector<ReportedFile> publish_checkpoint(const Source& model, const CheckpointContents& contents,
                                             const CheckpointPlace& place, const PublishWishes& wishes,
                                             GraphToPublish* graph = nullptr);

}  // namespace thaw::internal
