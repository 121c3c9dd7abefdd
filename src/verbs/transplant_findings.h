// What a transplant could not place, as sentences with the option that is likeliest to help.
#pragma once

#include "match/proposals.h"
#include "thaw/transplant.h"

namespace thaw::internal {

struct FindingInput {
  const std::vector<Weight>& weights;
  const std::vector<Slot>& slots;
  const Matching& matching;
  const std::vector<std::size_t>& missing;  // slots without a value
  const TransplantOptions& options;
};

// What stands in the way first, what is only left over last.
std::vector<TransplantFinding> find_findings(const FindingInput& input);

}  // namespace thaw::internal
