// The names of variables behind constants that lost theirs.
//
// Rules, by their stable ids:
//   M1  X/read, X/read/_2__cf__2         the read of X was folded: X
//   M2  <layer>/<op>/ReadVariableOp/...  the layer, and the weight's role in it by the operation that reads
//   M3  unknown_7                        the same, told by the Identity that reads it
//   M4  <layer>/embedding_lookup/44130   the table of a lookup
//   M5  <path>/ReadVariableOp/...        the role is unknown: the path of the read and "weight"
//   M6  as M2 to M5                      every scope as in the graph, because the shorter name is taken
// M2 to M5 drop the scope of the model itself where all weights share it, as Keras does in its variables'
// names, and the extra number of each scope where the graph is Keras 3 for certain. What remains is a good
// guess, not a record: names can lie. Two constants never get one name, and a name that some node has is
// never given to another.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "names/constant_facts.h"
#include "thaw/source.h"

namespace thaw::internal {

struct RecoveredName {
  std::string name;
  std::string rule;
  bool operator==(const RecoveredName&) const = default;
};

// For each constant its variable's name; nothing where the constant's own name is it, or nothing better is
// known. `constants`: all of a graph's variables-to-be, since names depend on their neighbours. `taken`:
// whether a node of the graph has this name.
std::vector<std::optional<RecoveredName>> recover_names(const std::vector<ConstantFacts>& constants,
                                                        const std::function<bool(Bytes)>& taken = {});

}  // namespace thaw::internal
