#include "target/variable_defs.h"

#include <algorithm>

#include "messages/node_def.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

std::string node_of(Bytes tensor) { return tensor.empty() ? "" : std::string(parse_input(tensor).node); }

// A repeated int64, packed or not.
void add_numbers(const FieldView& field, std::vector<std::int64_t>& numbers) {
  if (field.type == WireType::varint) numbers.push_back(static_cast<std::int64_t>(field.scalar));
  if (field.type != WireType::length_delimited) return;
  Window window(field.payload);
  while (window.left() > 0) numbers.push_back(static_cast<std::int64_t>(read_varint(window, window.end())));
}

void read_slice(Bytes message, VariableDef& def) {
  std::vector<std::int64_t> full, offsets, lengths;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) def.whole = field.payload;
    if (field.number == 2) add_numbers(field, full);
    if (field.number == 3) add_numbers(field, offsets);
    if (field.number == 4) add_numbers(field, lengths);
  }
  if (def.whole.empty() || offsets.size() != full.size() || lengths.size() != full.size()) return;
  SlicePlace place{Shape(full), {}};
  for (std::size_t i = 0; i < full.size(); ++i) place.extents.push_back({offsets[i], lengths[i]});
  def.slice = std::move(place);
}

VariableDef read_def(Bytes message) {
  VariableDef def;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) def.node = node_of(field.payload);
    if (field.is_bytes(2)) def.initializer = node_of(field.payload);
    if (field.is_bytes(4)) read_slice(field.payload, def);
  }
  return def;
}

void add_collection(Bytes collection, bool trainable, std::vector<VariableDef>& defs) {
  MessageReader reader(collection);
  for (FieldView list; reader.next(list);) {
    if (!list.is_bytes(2)) continue;
    MessageReader values(list.payload);
    for (FieldView value; values.next(value);) {
      if (!value.is_bytes(1)) continue;
      VariableDef def = read_def(value.payload);
      const auto known = std::ranges::find(defs, def.node, &VariableDef::node);
      if (known == defs.end()) {
        def.trainable = trainable;
        defs.push_back(std::move(def));
      } else {
        known->trainable = known->trainable || trainable;
      }
    }
  }
}

}  // namespace

std::vector<VariableDef> variable_defs(const Envelope& envelope) {
  std::vector<VariableDef> defs;
  for (const char* name : {"variables", "trainable_variables"}) {
    for (const NamedMessage& collection : envelope.collections) {
      if (collection.name == name)
        add_collection(collection.message, Bytes(name) == "trainable_variables", defs);
    }
  }
  return defs;
}

}  // namespace thaw::internal
