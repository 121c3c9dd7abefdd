#include "verbs/stage_checkpoint.h"

#include "checkpoint/bundle_writer.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

std::filesystem::path with_suffix(const std::filesystem::path& prefix, const std::string& suffix) {
  return prefix.string() + suffix;
}

}  // namespace

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

void refuse_to_replace(const Source& source, const std::string& what, const SetPlace& place) {
  const std::filesystem::path index = with_suffix(place.prefix, kIndexSuffix);
  for (const std::filesystem::path& path :
       {with_suffix(place.prefix, kDataSuffix), with_suffix(place.prefix, kMetaSuffix), index,
        place.keep_state ? index : place.prefix.parent_path() / "checkpoint"}) {
    if (!place.destination.is_file_of(path, source)) continue;
    throw Error(ErrorKind::output_exists, escaped(path.string()) + " is " + what + " that is being read",
                "another place for the checkpoint", "choose another prefix with --output");
  }
}

}  // namespace thaw::internal
