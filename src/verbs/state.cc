#include "verbs/state.h"

#include <algorithm>

#include "checkpoint/bundle_names.h"
#include "checkpoint/state_file.h"
#include "thaw/error.h"

namespace thaw::internal {

std::filesystem::path state_path(const std::filesystem::path& prefix) {
  return prefix.parent_path() / kStateName;
}

std::optional<std::string> next_state(const Destination& destination, const std::filesystem::path& prefix,
                                      const StateWishes& wishes) {
  const std::filesystem::path path = state_path(prefix);
  if (wishes.keep_state && destination.exists(path)) return std::nullopt;
  // Base names only: the folder can be moved.
  const std::string name = prefix.filename().string();
  CheckpointState others;
  if (destination.exists(path)) {
    try {
      others = read_state(*destination.open(path));
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::input_io) {
        throw Error(ErrorKind::output_io,
                    escaped(path.string()) + " is in the way of the state file: " + error.problem(),
                    "a checkpoint state, or nothing", "give another folder, or --keep-state to leave it");
      }
      if (error.kind() != ErrorKind::malformed) throw;
      if (!wishes.force) {
        throw Error(ErrorKind::output_exists, escaped(path.string()) + " exists and is no checkpoint state",
                    "a free place for the state file",
                    "give another folder, or --force to replace it, or --keep-state to leave it");
      }
    }
    const bool only_ours =
        others.latest == name &&
        std::ranges::all_of(others.all, [&](const std::string& other) { return other == name; });
    if (!only_ours && !others.latest.empty() && !wishes.force) {
      throw Error(
          ErrorKind::output_exists,
          escaped(path.string()) + " names other checkpoints, the newest " + thaw::quoted(others.latest),
          "a folder of its own for the new checkpoint",
          "give another folder, --force to add ours as the newest, or --keep-state to leave the file alone");
    }
  }
  return state_text(with_latest(others, name));
}

}  // namespace thaw::internal
