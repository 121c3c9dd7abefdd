// A model's weights against the entries of a checkpoint or a file of Keras.
#pragma once

#include <filesystem>

#include "checks/stored_tensors.h"
#include "thaw/destination.h"
#include "verbs/model_weights.h"

namespace thaw::internal {

struct WeightsToVerify {
  ModelWeights weights;                     // of the model, found with placing_options
  const std::filesystem::path& checkpoint;  // as open_target takes it
  const Destination& files;
};

// The check "weights": every weight has the numbers of the model, by its name or else by content. Fills
// `weights` and `others`. Throws usage for options that name nothing, and malformed, unsupported and input_io
// for entries that cannot be read at all.
void verify_weights(WeightsToVerify task, const VerifyOptions& options, ReadingProgress& progress,
                    Findings& findings, VerifyReport& report);

}  // namespace thaw::internal
