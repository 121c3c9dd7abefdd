// The weights of one side of a diff, by the names that the other side may have for them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "verbs/compared_side.h"

namespace thaw::internal {

struct ListedWeight {
  std::string id;                  // a constant's node, a checkpoint's key
  std::vector<std::string> names;  // of the variable, the one to be shown first; at least one
  DType dtype = DType::invalid;
  Shape shape;
  std::function<Value()> read;  // empty: its value is nowhere
  std::string state;            // "slot of Adam"; empty for weights
  std::string node;  // the constant or variable in the graph of its side; empty where there is none
  std::vector<std::string> constants = {};  // all that a weight of a frozen graph is made of
};

enum class WeightSource : std::uint8_t {
  none,       // no weights at all
  constants,  // of a frozen graph
  stored,     // entries of a checkpoint or of a file of Keras
  declared,   // variables of a graph without a checkpoint: no values
};

struct WeightList {
  WeightSource source = WeightSource::none;
  std::vector<ListedWeight> weights;
};

// `side` must outlive the list. Throws malformed.
WeightList list_weights(const ComparedSide& side);

// A constant that the finder of weights took for none, for the other side's sake.
std::optional<ListedWeight> listed_constant(const std::shared_ptr<const Graph>& graph,
                                            const std::string& node);

}  // namespace thaw::internal
