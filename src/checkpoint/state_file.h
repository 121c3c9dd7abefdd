// The file `checkpoint` in a folder of checkpoints: which one is the newest.
//
// CheckpointState (python/training/checkpoint_state.proto) in text form: string model_checkpoint_path = 1,
// repeated string all_model_checkpoint_paths = 2 (oldest first, the newest last); times of day that only
// CheckpointManager writes and reads = 3, 4. Paths are prefixes, relative to the folder unless absolute.
#pragma once

#include <string>
#include <vector>

#include "thaw/source.h"

namespace thaw::internal {

struct CheckpointState {
  std::string latest;
  std::vector<std::string> all;
  bool operator==(const CheckpointState&) const = default;
};

// Takes what TensorFlow takes. Throws malformed where TensorFlow would ignore the file: text that cannot be
// parsed, unknown fields, no newest checkpoint.
CheckpointState parse_state(Bytes text);
// The same from a file of at most 16 MiB; names it in errors.
CheckpointState read_state(const Source& source);

// One line a field, as TensorFlow writes it; printable UTF-8 stays as it is.
std::string state_text(const CheckpointState& state);

// `others` with `name` as the newest, once. The times are not kept: CheckpointManager takes checkpoints
// without them for ones to be preserved.
CheckpointState with_latest(CheckpointState others, const std::string& name);

}  // namespace thaw::internal
