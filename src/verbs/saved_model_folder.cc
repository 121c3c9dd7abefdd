#include "verbs/saved_model_folder.h"

#include <algorithm>

#include "checkpoint/bundle_names.h"
#include "io/absolute_path.h"
#include "io/blame.h"
#include "io/read_back.h"
#include "subject/find_checkpoint.h"
#include "thaw/error.h"
#include "verbs/prove_checkpoint.h"
#include "verbs/refuse_to_replace.h"
#include "verbs/stage_checkpoint.h"

namespace thaw::internal {

namespace {

using std::filesystem::path;

path without_slash(const path& place) { return place.has_filename() ? place : place.parent_path(); }

path plain(const path& place) { return without_slash(absolute_path(place)); }

// Before anything is made.
path checked(const Source& model, const path& place, const path& prefix, const Destination& destination) {
  if (!prefix.empty() && is_around(plain(place), plain(prefix))) {
    throw Error(ErrorKind::usage,
                "the checkpoint " + thaw::quoted(prefix.string()) + " would lie in the SavedModel",
                "two places", "choose another --output, or leave it out");
  }
  if (!destination.exists(place)) return without_slash(place);
  refuse_other_folder(place, destination, "--saved-model");
  for (const path& file : blaming(ErrorKind::output_io, [&] { return files_below(destination, place); }))
    refuse_to_replace(place / file, model, destination, {"the model", "SavedModel", "folder"});
  return without_slash(place);
}

}  // namespace

bool is_around(const path& outer, const path& inner) {
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

path variables_prefix(const path& folder) { return folder / "variables" / "variables"; }

void refuse_other_folder(const path& place, const Destination& destination, const std::string& option) {
  if (!destination.exists(place) || is_saved_model(destination, place)) return;
  throw Error(ErrorKind::output_exists, thaw::quoted(place.string()) + " is there, and is no SavedModel",
              "a name that is free", "choose another folder with " + option);
}

std::vector<ReportedFile> staged_files(const FolderPublication& out, const path& place,
                                       const Destination& destination) {
  std::vector<ReportedFile> files;
  const std::vector<path> below =
      blaming(ErrorKind::output_io, [&] { return files_below(destination, out.staged()); });
  for (const path& relative : below)
    files.push_back({(place / relative).string(), read_back(destination, out.staged() / relative)->size()});
  return files;
}

void stage_variables(const path& folder, const CheckpointContents& contents, const PublishWishes& wishes,
                     const std::shared_ptr<Destination>& destination) {
  Publication out(destination, {.sync = wishes.sync, .stop = wishes.stop});
  out.begin_set(variables_prefix(folder));
  stage_checkpoint(out, contents, {wishes.stop, wishes.progress});
  prove_checkpoint(out.reopen(kIndexSuffix), out.reopen(kDataSuffix), contents, wishes.verify);
  out.commit();
}

SavedModelFolder::SavedModelFolder(const Source& model, path place, const path& prefix,
                                   const PublishWishes& wishes, std::shared_ptr<Destination> destination)
    : model_(model),
      place_(checked(model, place, prefix, *destination)),
      wishes_(wishes),
      destination_(std::move(destination)),
      out_(destination_, place_, {.force = wishes.force, .sync = wishes.sync, .stop = wishes.stop}) {}

void SavedModelFolder::stage(const Recipe& saved_model, const CheckpointContents& contents,
                             const std::function<void(const SourcePtr& written)>& prove) {
  stage_variables(out_.staged(), contents, wishes_, destination_);
  out_.add(kSavedModelFile, saved_model);
  prove(read_back(*destination_, out_.staged() / kSavedModelFile));
  model_.check_unchanged();
}

void SavedModelFolder::add(const path& relative, const SourcePtr& file) {
  out_.add(relative, file);
  file->check_unchanged();
}

std::vector<ReportedFile> SavedModelFolder::files() const {
  return staged_files(out_, place_, *destination_);
}

}  // namespace thaw::internal
