#include "subject/saved_object_graph.h"

#include "subject/object_names.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

SavedVariable read_variable(Bytes message) {
  SavedVariable variable;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is(3, WireType::varint)) variable.trainable = field.scalar != 0;
    if (field.is_bytes(6)) variable.name = field.payload;
  }
  return variable;
}

std::pair<std::string, std::uint64_t> read_child(Bytes message) {
  std::pair<std::string, std::uint64_t> child;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is(1, WireType::varint)) child.second = field.scalar;
    if (field.is_bytes(2)) child.first = field.payload;
  }
  return child;
}

std::string unescaped(Bytes name) {
  std::string text;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const bool escapes = name[at] == '.' && at + 1 < name.size();
    text += escapes && name[at + 1] == 'S' ? '/' : name[at];
    at += escapes ? 1 : 0;
  }
  return text;
}

}  // namespace

SavedObjectGraph::SavedObjectGraph(Bytes graph) {
  MessageReader nodes(graph);
  for (FieldView node; nodes.next(node);) {
    if (!node.is_bytes(1)) continue;
    Object object;
    MessageReader fields(node.payload);
    for (FieldView field; fields.next(field);) {
      if (field.is_bytes(1)) object.children.insert(read_child(field.payload));
      if (field.is_bytes(7)) object.variable = read_variable(field.payload);
    }
    if (object.variable && !object.variable->name.empty()) {
      const auto [known, is_new] = by_name_.emplace(object.variable->name, object.variable->trainable);
      if (!is_new && known->second != object.variable->trainable) known->second.reset();
    }
    objects_.push_back(std::move(object));
  }
}

const SavedVariable* SavedObjectGraph::find(Bytes key) const {
  if (objects_.empty() || !key.ends_with(kVariableValueEnd)) return nullptr;
  const Object* object = &objects_.front();
  for (Bytes rest = key.substr(0, key.size() - kVariableValueEnd.size()); !rest.empty();) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const auto child = object->children.find(unescaped(rest.substr(0, end)));
    if (child == object->children.end() || child->second >= objects_.size()) return nullptr;
    object = &objects_[child->second];
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return object->variable ? &*object->variable : nullptr;
}

std::optional<bool> SavedObjectGraph::trainable(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : found->second;
}

std::string object_path(Bytes key) {
  if (!key.ends_with(kVariableValueEnd)) return {};
  return unescaped(key.substr(0, key.size() - kVariableValueEnd.size()));
}

}  // namespace thaw::internal
