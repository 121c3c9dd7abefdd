#include "model/library.h"

#include "model/skeleton.h"
#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

Recipe recipe_of(const SourcePtr& source, const Field& field, Window& window) {
  Recipe whole;
  whole.add(source, {field.begin, field.end(window) - field.begin});
  return whole;
}

NodeDef read_node(const SourcePtr& source, const Field& field, Window& window, SkeletonReader& reader) {
  reader.read(field, window);
  NodeDef node = decode_node(reader.bytes());
  for (const LargeTensor& large : reader.large_tensors()) {
    std::string header;
    append_header(header, static_cast<std::uint32_t>(AttrKind::tensor), large.tensor.size);
    Recipe value(std::move(header));
    value.add(source, large.tensor);
    node.set_attr(large.key, std::move(value));
  }
  return node;
}

}  // namespace

Library::Library(const Graph& graph) {
  if (!graph.has_library()) {
    graph_rest_ = graph.rest();
    return;
  }
  const SourcePtr source = Recipe(graph.rest()).as_source(graph.source()->name());
  Window window(*source, {0, source->size()});
  Walk walk(window);
  for (Field field; walk.next(field);) {
    if (field.is_bytes(2)) {
      read_library(source, field, window);
    } else {
      graph_rest_.add(recipe_of(source, field, window));
    }
  }
}

void Library::read_library(const SourcePtr& source, const Field& library, Window& window) {
  Walk walk(window, library.payload);
  for (Field field; walk.next(field);) {
    if (field.is_bytes(1)) {
      read_function(source, field, window);
      continue;
    }
    other_.add(recipe_of(source, field, window));
    if (!field.is_bytes(2) && !field.is_bytes(3)) continue;
    // GradientDef: 1 function_name; RegisteredGradient: 2 its kind.
    const std::string gradient = read_payload(window, field.payload, kFunctionPartLimit);
    MessageReader reader(gradient);
    for (FieldView part; reader.next(part);) {
      if (part.is_bytes(1)) with_gradient_.emplace(part.payload);
    }
  }
}

void Library::read_function(const SourcePtr& source, const Field& field, Window& window) {
  FunctionDef function;
  SkeletonReader skeleton;
  try {
    Walk walk(window, field.payload);
    for (Field part; walk.next(part);) {
      if (part.is_bytes(3)) {
        FunctionNode node{read_node(source, part, window, skeleton), {}};
        node.field = recipe_of(source, part, window);
        function.nodes.push_back(std::move(node));
        continue;
      }
      const std::uint64_t end = part.end(window);
      const bool is_map = part.is_bytes(4) || part.is_bytes(5);
      if (!is_map && !part.is_bytes(1)) {
        window.seek(part.begin);
        function.rest += read_payload(window, {part.begin, end - part.begin}, kFunctionPartLimit);
        continue;
      }
      const std::string payload = read_payload(window, part.payload, kFunctionPartLimit);
      if (part.is_bytes(1)) {
        decode_signature(payload, function);
        continue;
      }
      const MapEntry entry = read_map_entry(payload);
      if (part.is_bytes(4)) {
        function.returns.push_back({std::string(entry.key), std::string(entry.value)});
      } else {
        function.attrs.push_back({std::string(entry.key), Recipe(std::string(entry.value))});
      }
    }
  } catch (Error& error) {
    throw error.at("function " + thaw::quoted(function.name));
  }
  by_name_.insert_or_assign(function.name, functions_.size());
  functions_.push_back(std::move(function));
  fields_.push_back(recipe_of(source, field, window));
}

std::size_t Library::find(Bytes name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? kNoFunction : found->second;
}

Recipe Library::fields() const {
  Recipe all;
  for (const Recipe& field : fields_) all.add(field);
  return all;
}

Recipe Library::rest_with(Recipe functions) const {
  functions.add(other_);
  std::string header;
  append_header(header, 2, functions.size());
  Recipe rest(std::move(header));
  rest.add(std::move(functions));
  rest.add(graph_rest_);
  return rest;
}

}  // namespace thaw::internal
