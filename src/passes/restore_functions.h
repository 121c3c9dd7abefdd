// The functions of a thawed graph on its way back (model/origin.h): as they were before weights became their
// arguments and calls of them were written out.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/library.h"
#include "passes/restore_origin.h"

namespace thaw::internal {

// A weight that is a constant of a function again.
struct RestoredWeight {
  std::string function, node;
  std::string variable;
};

struct RestoredFunctions {
  // What the draft has now beside its nodes; null when the functions were never changed. Tensors of weights
  // are slow to read from it.
  std::shared_ptr<const Library> library;
  std::vector<RestoredWeight> weights;
};

// After restore_origin and pruning: functions that some node names and that are not of the original stay.
// What stands beside the functions is that of the original, too.
RestoredFunctions restore_functions(Draft& draft, const OriginRecord& origin, const ValueOf& value_of);

}  // namespace thaw::internal
