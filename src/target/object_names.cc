#include "target/object_names.h"

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

}  // namespace

Names object_names(Bytes graph) {
  Names names;
  MessageReader reader(graph);
  for (FieldView node; reader.next(node);) {
    if (node.is_bytes(1)) add_node(node.payload, names);
  }
  std::map<std::string, std::size_t> counts;
  for (const auto& [key, name] : names) ++counts[name];
  std::erase_if(names, [&](const auto& named) { return counts[named.second] > 1; });
  return names;
}

}  // namespace thaw::internal
