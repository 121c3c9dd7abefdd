// What the SavedObjectGraph of a SavedModel (core/protobuf/saved_object_graph.proto: 1 nodes) says of its
// variables: SavedObject {7 variable}, SavedVariable {3 trainable, 6 name}.
#pragma once

#include <map>
#include <string>

#include "thaw/source.h"

namespace thaw::internal {

// Whether it is trained, by the variable's name. Names that several share are left out where they differ.
// Throws malformed.
std::map<std::string, bool> trainable_objects(Bytes graph);

}  // namespace thaw::internal
