// --skip: weights and entries that take no part.
#pragma once

#include <string>
#include <vector>

#include "target/target.h"
#include "verbs/model_weights.h"

namespace thaw::internal {

struct LeftOut {
  std::vector<bool> slots;         // of the target's, which take nothing
  std::vector<std::string> names;  // of both sides
};

// Weights are taken out of `model`, slots are marked. Throws usage for patterns that name nothing.
LeftOut leave_out(const std::vector<std::string>& skip, ModelWeights& model, const Target& target);

}  // namespace thaw::internal
