// What the initialisers of variables assign: a compact fill with NaN, the checkpoint with that fill behind
// it, or the value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "draft/draft.h"
#include "passes/saver.h"
#include "thaw/plan.h"

namespace thaw::internal {

class Initializers {
 public:
  // For `restore`: the guard and one RestoreV2 for all variables, in this order, are added here.
  Initializers(Draft& draft, Initializer kind, const SaverNames& saver,
               const std::vector<Variable>& variables, const CheckpointContents& contents);

  // Adds the initial value of variable `index` and gives its node's name; output 0 is the value.
  std::string add(std::size_t index, const Variable& variable, const Value& value);

  // A compact fill, for variables that are in no checkpoint.
  static std::string add_zeros(Draft& draft, const std::string& variable, DType dtype, const Shape& shape);

 private:
  Draft& draft_;
  Initializer kind_;
  std::string restore_;      // the guarded RestoreV2
  std::string when_absent_;  // alive when there is no checkpoint
};

}  // namespace thaw::internal
