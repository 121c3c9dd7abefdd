// Parts of a graph that compute with numbers of few bits, from where floats are quantized to where they are
// floats again, and whether each of them can be written as operations on floats.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ops/quantized_ops.h"
#include "weights/compact_weights.h"

namespace thaw::internal {

// A constant of few bits that such a part takes.
struct QuantizedConstant {
  NodeId node = kNoNode;
  std::vector<NodeId> beside;  // ends of its range, Identities on the way
  std::string name;            // of the floats: without what the tool had put behind it
  CompactWeight weight;
};

struct QuantizedNode {
  NodeId node = kNoNode;
  std::map<std::uint32_t, std::size_t> constants;  // by slot: which of the constants
  std::vector<std::uint32_t> ranges;               // slots that floats have no use for
  std::optional<std::pair<float, float>> limits;   // where the range is constant: what is beyond is cut off
};

struct QuantizedPartLeft {
  NodeId node = kNoNode;  // what stands in the way
  std::string why;
  std::size_t nodes = 0;
};

struct QuantizedParts {
  std::vector<QuantizedNode> nodes;  // that can become float, in the graph's order
  std::vector<QuantizedConstant> constants;
  std::vector<QuantizedPartLeft> left;
};

QuantizedParts find_quantized_parts(const Graph& graph);

}  // namespace thaw::internal
