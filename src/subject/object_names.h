// What TensorFlow 2 calls the variables of an object checkpoint, whose keys are paths through Python objects.
//
// TrackableObjectGraph (core/protobuf/trackable_object_graph.proto), under the key
// _CHECKPOINTABLE_OBJECT_GRAPH: nodes 1 {attributes 2 {1 name, 2 full_name, 3 checkpoint_key}}.
#pragma once

#include <map>
#include <string>

#include "thaw/source.h"

namespace thaw::internal {

inline constexpr Bytes kObjectGraphKey = "_CHECKPOINTABLE_OBJECT_GRAPH";
// What the key of a variable's value ends in (python/checkpoint/trackable_view.py).
inline constexpr Bytes kVariableValueEnd = "/.ATTRIBUTES/VARIABLE_VALUE";

// By key. Names that two variables share, and empty ones, are left out; two keys of one variable have the
// same name. Throws malformed.
std::map<std::string, std::string> object_names(Bytes graph);

}  // namespace thaw::internal
