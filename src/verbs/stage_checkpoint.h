// The files of a checkpoint, staged to be looked at and published.
#pragma once

#include <cstdint>
#include <functional>

#include "io/publication.h"
#include "io/recipe.h"
#include "thaw/checkpoint.h"

namespace thaw::internal {

inline const std::string kDataSuffix = ".data-00000-of-00001";
inline const std::string kMetaSuffix = ".meta";
inline const std::string kIndexSuffix = ".index";

struct StageHooks {
  const std::function<bool()>& stop;
  const std::function<void(std::uint64_t done, std::uint64_t total)>& progress;
};

void stage_recipe(Publication& out, const std::string& suffix, const Recipe& recipe);
// Data and index. Throws interrupted when `stop` says so.
void stage_checkpoint(Publication& out, const CheckpointContents& contents, const StageHooks& hooks);

// Where a set will be published.
struct SetPlace {
  const std::filesystem::path& prefix;
  const Destination& destination;
  bool keep_state;
};
// Throws output_exists when a file of the set is the one that `source` reads, with --force, too: nobody means
// to lose `what`, "the model".
void refuse_to_replace(const Source& source, const std::string& what, const SetPlace& place);

}  // namespace thaw::internal
