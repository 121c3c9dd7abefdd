// The files of a checkpoint, staged to be looked at and published.
#pragma once

#include <cstdint>
#include <functional>

#include "io/publication.h"
#include "io/recipe.h"
#include "thaw/checkpoint.h"

namespace thaw::internal {

struct StageHooks {
  const std::function<bool()>& stop;
  const std::function<void(std::uint64_t done, std::uint64_t total)>& progress;
};

void stage_recipe(Publication& out, const std::string& suffix, const Recipe& recipe);
// Data and index. Throws interrupted when `stop` says so.
void stage_checkpoint(Publication& out, const CheckpointContents& contents, const StageHooks& hooks);

}  // namespace thaw::internal
