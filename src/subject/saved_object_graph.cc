#include "subject/saved_object_graph.h"

#include <set>

#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

struct SavedVariable {
  std::string name;
  bool trainable = false;
};

SavedVariable read_variable(Bytes message) {
  SavedVariable variable;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is(3, WireType::varint)) variable.trainable = field.scalar != 0;
    if (field.is_bytes(6)) variable.name = field.payload;
  }
  return variable;
}

}  // namespace

std::map<std::string, bool> trainable_objects(Bytes graph) {
  std::map<std::string, bool> trainable;
  std::set<std::string> unclear;
  MessageReader nodes(graph);
  for (FieldView node; nodes.next(node);) {
    if (!node.is_bytes(1)) continue;
    MessageReader fields(node.payload);
    for (FieldView field; fields.next(field);) {
      if (!field.is_bytes(7)) continue;
      const SavedVariable variable = read_variable(field.payload);
      const auto [known, is_new] = trainable.emplace(variable.name, variable.trainable);
      if (!is_new && known->second != variable.trainable) unclear.insert(variable.name);
    }
  }
  for (const std::string& name : unclear) trainable.erase(name);
  trainable.erase("");
  return trainable;
}

}  // namespace thaw::internal
