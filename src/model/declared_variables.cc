#include "model/declared_variables.h"

#include "messages/node_def.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

// VariableDef.variable_name (core/framework/variable.proto), "w:0".
std::string variable_node(Bytes variable_def) {
  Bytes name;
  MessageReader reader(variable_def);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) name = field.payload;
  }
  return std::string(name.empty() ? name : parse_input(name).node);
}

// CollectionDef (core/protobuf/meta_graph.proto): 2 bytes_list, a message {1 value, repeated}.
void add_variables(Bytes collection_def, std::vector<std::string>& names) {
  MessageReader reader(collection_def);
  for (FieldView list; reader.next(list);) {
    if (!list.is_bytes(2)) continue;
    MessageReader values(list.payload);
    for (FieldView value; values.next(value);) {
      if (value.is_bytes(1)) names.push_back(variable_node(value.payload));
    }
  }
}

}  // namespace

std::vector<std::string> declared_variables(const Envelope& envelope) {
  std::vector<std::string> names;
  for (const NamedMessage& collection : envelope.collections) {
    if (collection.name == "variables" || collection.name == "trainable_variables")
      add_variables(collection.message, names);
  }
  return names;
}

}  // namespace thaw::internal
