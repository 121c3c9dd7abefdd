#include "subject/find_checkpoint.h"

#include "checkpoint/bundle_names.h"
#include "checkpoint/state_file.h"
#include "checkpoint/v1_set.h"
#include "thaw/error.h"
#include "wire/table_footer.h"

namespace thaw::internal {

namespace {

using std::filesystem::path;

// The file `checkpoint` stands for its folder.
path folder_of_state(const Destination& files, const path& place) {
  const bool is_state = place.filename() == kStateName && files.exists(place) && !is_folder(files, place) &&
                        !files.exists(index_path(place));
  if (!is_state) return place;
  return place.has_parent_path() ? place.parent_path() : ".";
}

bool is_v1(const Destination& files, const path& place) {
  if (is_folder(files, place)) return false;
  const std::vector<path> members = v1_files(files, place);
  return !members.empty() && ends_as_table(*files.open(members.front()));
}

std::optional<FoundCheckpoint> find_prefix(const Destination& files, const path& prefix) {
  if (files.exists(index_path(prefix))) return FoundCheckpoint{prefix, CheckpointFormat::v2};
  if (is_v1(files, prefix)) return FoundCheckpoint{prefix, CheckpointFormat::v1};
  return std::nullopt;
}

// The newest checkpoint of a folder, or the only one.
std::optional<FoundCheckpoint> find_in_folder(const Destination& files, const path& folder) {
  const path state = folder / kStateName;
  if (files.exists(state) && !is_folder(files, state)) {
    const path latest = read_state(*files.open(state)).latest;
    // Folders are moved, and whole paths in them stay what they were.
    for (const path& place : {folder / latest, folder / latest.filename()}) {
      if (const auto newest = find_prefix(files, place)) return newest;
    }
  }
  const path inner = variables_of(folder);
  if (files.exists(index_path(inner))) return FoundCheckpoint{inner, CheckpointFormat::v2};
  std::vector<std::string> indices = files.list(folder);
  std::erase_if(indices, [](const std::string& name) { return !name.ends_with(".index") || name[0] == '.'; });
  if (indices.size() != 1) return std::nullopt;
  return FoundCheckpoint{prefix_of(folder / indices.front()), CheckpointFormat::v2};
}

}  // namespace

std::optional<FoundCheckpoint> find_checkpoint(const Destination& files, const path& given) {
  const path place = folder_of_state(files, given);
  if (files.exists(index_path(place))) return FoundCheckpoint{place, CheckpointFormat::v2};
  if (place.extension() == kMetaSuffix) return std::nullopt;
  if (files.exists(index_path(prefix_of(place))))
    return FoundCheckpoint{prefix_of(place), CheckpointFormat::v2};
  return is_folder(files, place) ? find_in_folder(files, place) : find_prefix(files, place);
}

bool is_folder(const Destination& files, const path& place) {
  try {
    return !files.list(place).empty();
  } catch (const Error&) {
    if (files.exists(place / ".")) throw;  // it is one, and cannot be listed
    return false;
  }
}

std::optional<path> saved_model_file(const Destination& files, const path& folder) {
  for (const char* name : {"saved_model.pb", "saved_model.pbtxt"}) {
    if (files.exists(folder / name)) return folder / name;
  }
  return std::nullopt;
}

bool is_saved_model(const Destination& files, const path& folder) {
  return saved_model_file(files, folder).has_value();
}

path variables_of(const path& saved_model) { return saved_model / "variables" / "variables"; }

}  // namespace thaw::internal
