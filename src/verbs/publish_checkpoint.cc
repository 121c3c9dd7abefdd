#include "verbs/publish_checkpoint.h"

#include <utility>

#include "checkpoint/bundle_names.h"
#include "io/publication.h"
#include "verbs/prove_checkpoint.h"
#include "verbs/refuse_to_replace.h"
#include "verbs/stage_checkpoint.h"
#include "verbs/state.h"

namespace thaw::internal {

namespace {

void refuse_set(const Source& model, const CheckpointPlace& place, bool keep_state) {
  const std::filesystem::path& prefix = place.prefix;
  std::vector<std::filesystem::path> paths{data_path(prefix), meta_path(prefix), index_path(prefix)};
  if (!keep_state) paths.push_back(state_path(prefix));
  for (const std::filesystem::path& path : paths)
    refuse_to_replace(path, model, *place.destination, {"the model", "checkpoint", "prefix"});
}

}  // namespace

std::vector<ReportedFile> publish_checkpoint(const Source& model, const CheckpointContents& contents,
                                             const CheckpointPlace& place, const PublishWishes& wishes,
                                             GraphToPublish* graph) {
  refuse_set(model, place, wishes.keep_state);
  const std::optional<std::string> state =
      next_state(*place.destination, place.prefix, {wishes.force, wishes.keep_state});
  Publication out(place.destination, {.force = wishes.force, .sync = wishes.sync, .stop = wishes.stop});
  out.begin_set(place.prefix);
  std::vector<std::string> suffixes{kIndexSuffix, kDataSuffix};
  if (graph != nullptr) {
    suffixes.push_back(kMetaSuffix);
    stage_recipe(out, kMetaSuffix, std::exchange(graph->meta_graph, {}));
    graph->prove(out.reopen(kMetaSuffix));
  }
  stage_checkpoint(out, contents, {wishes.stop, wishes.progress});
  model.check_unchanged();
  prove_checkpoint(out.reopen(kIndexSuffix), out.reopen(kDataSuffix), contents, wishes.verify);
  std::vector<ReportedFile> files;
  for (const std::string& suffix : suffixes)
    files.push_back({place.prefix.string() + suffix, out.reopen(suffix)->size()});
  if (state) {
    files.push_back({state_path(place.prefix).string(), state->size()});
    out.add_last(state_path(place.prefix), *state);
  }
  out.commit();
  return files;
}

}  // namespace thaw::internal
