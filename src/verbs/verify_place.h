// What a path that is to be verified means.
#pragma once

#include <filesystem>
#include <optional>

#include "subject/find_checkpoint.h"
#include "thaw/error.h"

namespace thaw::internal {

struct VerifyPlace {
  std::filesystem::path path;                  // as open_target takes it
  std::optional<FoundCheckpoint> checkpoint;   // nothing: a file of Keras, or a SavedModel without variables
  std::optional<std::filesystem::path> graph;  // the .meta beside it, or the SavedModel's file
  bool is_saved_model = false;
  std::optional<Error> fault;  // why no more of it can be looked at
};

// A checkpoint whose index or end is gone is one, too, as long as something of it is there; a .meta stands
// for the checkpoint beside it. Throws input_io when there is nothing, unsupported for a file that is
// something else.
VerifyPlace find_verify_place(const Destination& files, const std::filesystem::path& given);

}  // namespace thaw::internal
