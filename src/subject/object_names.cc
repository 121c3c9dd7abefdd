#include "subject/object_names.h"

#include <vector>

#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

using Names = std::map<std::string, std::string>;

void add_attribute(Bytes attribute, Names& names) {
  std::string key, name;
  MessageReader reader(attribute);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(2)) name = field.payload;
    if (field.is_bytes(3)) key = field.payload;
  }
  if (!key.empty() && !name.empty()) names.emplace(std::move(key), std::move(name));
}

void add_node(Bytes node, Names& names) {
  MessageReader reader(node);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(2)) add_attribute(field.payload, names);
  }
}

// What model.export() of Keras 3 writes holds every variable twice, as a variable and as Keras' own object
// around it (keras/src/export/saved_model.py).
bool are_one(const std::vector<std::string>& keys) {
  return keys.size() == 2 && keys[0].starts_with("_all_variables/") && keys[1].starts_with("variables/");
}

}  // namespace

Names object_names(Bytes graph) {
  Names names;
  MessageReader reader(graph);
  for (FieldView node; reader.next(node);) {
    if (node.is_bytes(1)) add_node(node.payload, names);
  }
  std::map<std::string, std::vector<std::string>> keys;  // by name, sorted
  for (const auto& [key, name] : names) keys[name].push_back(key);
  std::erase_if(names, [&](const auto& named) {
    const std::vector<std::string>& sharing = keys[named.second];
    return sharing.size() > 1 && !are_one(sharing);
  });
  return names;
}

}  // namespace thaw::internal
