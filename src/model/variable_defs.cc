#include "model/variable_defs.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "messages/node_def.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

constexpr std::array<Bytes, 2> kCollections{"variables", "trainable_variables"};

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

// The definitions of both collections, each node once.
class Definitions {
 public:
  void add(VariableDef def, bool trainable) {
    const auto [known, is_new] = places_.emplace(def.node, all_.size());
    if (is_new) all_.push_back(std::move(def));
    VariableDef& kept = all_[known->second];
    kept.trainable = kept.trainable || trainable;
  }
  std::vector<VariableDef> take() { return std::move(all_); }

 private:
  std::vector<VariableDef> all_;
  std::unordered_map<std::string, std::size_t> places_;  // by node
};

std::string read_node(Bytes message) {
  Bytes tensor;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) tensor = field.payload;
  }
  return node_of(tensor);
}

}  // namespace

void each_collected(Bytes collection, const std::function<void(Bytes value)>& take) {
  MessageReader reader(collection);
  for (FieldView list; reader.next(list);) {
    if (!list.is_bytes(2)) continue;
    MessageReader values(list.payload);
    for (FieldView value; values.next(value);) {
      if (value.is_bytes(1)) take(value.payload);
    }
  }
}

std::vector<VariableDef> variable_defs(const Envelope& envelope) {
  Definitions definitions;
  for (const Bytes name : kCollections) {
    const bool trainable = name == "trainable_variables";
    for (const NamedMessage& collection : envelope.collections) {
      if (collection.name == name)
        each_collected(collection.message, [&](Bytes value) { definitions.add(read_def(value), trainable); });
    }
  }
  return definitions.take();
}

std::vector<std::string> local_variables(const Envelope& envelope) {
  std::vector<std::string> nodes;
  for (const NamedMessage& collection : envelope.collections) {
    if (collection.name == "local_variables")
      each_collected(collection.message, [&](Bytes value) { nodes.push_back(read_node(value)); });
  }
  return nodes;
}

std::vector<std::string> declared_variables(const Envelope& envelope) {
  std::vector<std::string> nodes;
  for (const NamedMessage& collection : envelope.collections) {
    if (std::ranges::find(kCollections, collection.name) != kCollections.end())
      each_collected(collection.message, [&](Bytes value) { nodes.push_back(read_node(value)); });
  }
  return nodes;
}

}  // namespace thaw::internal
