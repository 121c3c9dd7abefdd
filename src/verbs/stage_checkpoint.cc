#include "verbs/stage_checkpoint.h"

#include "checkpoint/bundle_names.h"
#include "checkpoint/bundle_writer.h"
#include "thaw/error.h"

namespace thaw::internal {

void stage_recipe(Publication& out, const std::string& suffix, const Recipe& recipe) {
  OutputFile& file = out.stage(suffix, recipe.size());
  recipe.pour([&](Bytes bytes) { file.append(bytes); });
  out.finish(suffix);
}

void stage_checkpoint(Publication& out, const CheckpointContents& contents, const StageHooks& hooks) {
  const std::uint64_t total = bundle_data_size(contents);
  OutputFile& data = out.stage(kDataSuffix, total);
  const auto progress = [&](std::uint64_t done) {
    if (hooks.stop && hooks.stop()) throw Error(ErrorKind::interrupted, "interrupted");
    if (hooks.progress) hooks.progress(done, total);
  };
  const std::string index = write_bundle(contents, data, progress);
  out.finish(kDataSuffix);
  stage_recipe(out, kIndexSuffix, Recipe(index));
}

}  // namespace thaw::internal
