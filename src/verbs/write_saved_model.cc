#include "verbs/write_saved_model.h"

#include <algorithm>
#include <set>

#include "io/absolute_path.h"
#include "io/blame.h"
#include "io/folder_publication.h"
#include "thaw/error.h"
#include "verbs/saved_model_folder.h"

namespace thaw::internal {

namespace {

using std::filesystem::path;

// The fingerprint holds a hash of the index of the variables, and would tell a lie; TensorFlow does without.
const path kFingerprint = "fingerprint.pb";

bool is_carried(const path& relative) {
  return relative != kFingerprint && !relative.string().starts_with(variables_prefix("").string() + ".");
}

path real_place(const path& place) {
  std::error_code failed;
  const path found = std::filesystem::weakly_canonical(place, failed);
  const path plain = failed ? absolute_path(place) : found;
  return plain.has_filename() ? plain : plain.parent_path();
}

}  // namespace

void check_saved_model_output(const path& place, const Target& target, const CheckpointContents& contents,
                              const Destination& destination) {
  const path result = real_place(place), own = real_place(target.path);
  refuse_other_folder(place, destination, "--output");
  if (is_around(result, own) || is_around(own, result)) {
    throw Error(ErrorKind::output_exists, thaw::quoted(place.string()) + " is, is in or holds the target",
                "another place for the result", "choose another folder with --output");
  }
  std::set<std::string> keys;
  for (const Slot& slot : target.slots) keys.insert(slot.keys.begin(), slot.keys.end());
  for (const CheckpointEntry& entry : contents.entries) {
    if (keys.contains(entry.key)) continue;
    throw Error(ErrorKind::usage, "the target has no variable for " + thaw::quoted(entry.key),
                "entries that the target has", "leave out --optimizer and --global-step");
  }
}

std::vector<ReportedFile> write_saved_model(const path& place, const Target& target,
                                            const CheckpointContents& contents, const Source& model,
                                            const TransplantOptions& options,
                                            const std::shared_ptr<Destination>& destination) {
  FolderPublication out(destination, place,
                        {.force = options.force, .sync = options.sync, .stop = options.stop});
  stage_variables(out.staged(), contents, publish_wishes(options), destination);
  const std::vector<path> below =
      blaming(ErrorKind::input_io, [&] { return files_below(*destination, target.path); });
  for (const path& relative : below) {
    if (!is_carried(relative)) continue;
    const SourcePtr file = destination->open(target.path / relative);
    out.add(relative, file);
    file->check_unchanged();
  }
  model.check_unchanged();
  std::vector<ReportedFile> files = staged_files(out, place, *destination);
  out.commit();
  return files;
}

}  // namespace thaw::internal
