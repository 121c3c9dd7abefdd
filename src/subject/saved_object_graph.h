// The variables of a SavedModel's objects.
//
// SavedObjectGraph (core/protobuf/saved_object_graph.proto): 1 nodes SavedObject {1 children {1 node_id, 2
// local_name}, 7 variable SavedVariable {3 trainable, 6 name}}; the root comes first. The key of a variable
// in the checkpoint is a path from there, <name>/<name>/.ATTRIBUTES/VARIABLE_VALUE, in which names
// write '.' as ".." and '/' as ".S" (python/checkpoint/trackable_view.py).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "thaw/source.h"

namespace thaw::internal {

struct SavedVariable {
  std::string name;
  bool trainable = false;
};

class SavedObjectGraph {
 public:
  // Throws malformed.
  explicit SavedObjectGraph(Bytes graph);

  // By its key; nullptr when that leads to no variable.
  const SavedVariable* find(Bytes key) const;
  // Whether a variable of this name is trained; nothing where several have the name and differ.
  std::optional<bool> trainable(const std::string& name) const;

 private:
  struct Object {
    std::map<std::string, std::uint64_t> children;
    std::optional<SavedVariable> variable;
  };

  std::vector<Object> objects_;
  std::map<std::string, std::optional<bool>> by_name_;
};

// "block/0" of "block/0/.ATTRIBUTES/VARIABLE_VALUE"; empty when it is no such key.
std::string object_path(Bytes key);

}  // namespace thaw::internal
