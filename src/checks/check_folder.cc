#include "checks/check_folder.h"

#include "checkpoint/bundle_names.h"
#include "checkpoint/state_file.h"
#include "checkpoint/v1_set.h"
#include "subject/find_checkpoint.h"

namespace thaw::internal {

namespace {

bool is_there(const Destination& files, const std::filesystem::path& prefix) {
  try {
    return files.exists(index_path(prefix)) || !v1_files(files, prefix).empty();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

void check_state_file(const Destination& files, const std::filesystem::path& folder, Findings& findings) {
  const std::filesystem::path path = folder / kStateName;
  if (!files.exists(path) || is_folder(files, path)) return;
  CheckpointState state;
  try {
    state = read_state(*files.open(path));
  } catch (const Error& error) {
    return findings.warn({path.string()}, error.problem() + "; TensorFlow ignores such a state file");
  }
  if (!is_there(files, folder / state.latest)) {
    findings.warn({path.string()}, "the newest checkpoint it names, " + thaw::quoted(state.latest) +
                                       ", is not there: TensorFlow would begin without one");
  }
  std::size_t gone = 0;
  std::string first;
  for (const std::string& name : state.all) {
    if (name == state.latest || is_there(files, folder / name)) continue;
    if (gone++ == 0) first = name;
  }
  if (gone == 0) return;
  findings.warn({path.string()}, "names " + thaw::quoted(first) +
                                     (gone == 1 ? "" : " and " + std::to_string(gone - 1) + " more") +
                                     ", which " + (gone == 1 ? "is" : "are") + " not there");
}

void check_assets(const Destination& files, const std::filesystem::path& folder,
                  const std::vector<AssetFileDef>& assets, Findings& findings) {
  for (const AssetFileDef& asset : assets) {
    findings.begin("assets");
    findings.count(1);
    const std::filesystem::path path = folder / kAssetsFolder / asset.filename;
    if (files.exists(path)) continue;
    findings.add(ProblemKind::missing, {path.string()},
                 {"is missing; the SavedModel names it", "every file that it was saved with",
                  "copy the folder 'assets' of the original, too"});
  }
}

}  // namespace thaw::internal
