// A quantized operation as an operation on floats.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "messages/node_def.h"
#include "ops/quantized_ops.h"

namespace thaw::internal {

struct FloatForm {
  std::vector<NodeDef> added;  // the ends of a range
  NodeDef node;                // in place of the old one, under its name
};

struct FloatWishes {
  std::map<std::uint32_t, std::string> constants;  // by input, the node that has the floats
  const std::vector<std::uint32_t>& ranges;        // inputs that floats have no use for
  std::optional<std::pair<float, float>> limits;   // what floats are cut off at
  std::string scope;                               // of the nodes that hold these
};

// Of anything but what measures ranges.
FloatForm float_form(const NodeDef& node, const QuantizedOp& row, const FloatWishes& wishes);

}  // namespace thaw::internal
