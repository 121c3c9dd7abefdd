#include "export/meta_graph.h"

#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

// SaveSliceInfoDef: 1 full_name, 2 full_shape, 3 var_offset, 4 var_shape.
std::string encode_slice(const VariableNodes& variable) {
  std::string full, offset, shape, out;
  for (const std::int64_t dim : variable.slice->full_shape.dims())
    append_varint(full, static_cast<std::uint64_t>(dim));
  for (const SliceExtent& extent : variable.slice->extents) {
    append_varint(offset, static_cast<std::uint64_t>(extent.start));
    append_varint(shape, static_cast<std::uint64_t>(extent.length));
  }
  MessageWriter(out).bytes(1, variable.key).bytes(2, full).bytes(3, offset).bytes(4, shape);
  return out;
}

// VariableDef (core/framework/variable.proto). The same bytes in every collection: different ones would make
// two Python objects of one variable.
std::string encode_variable(const VariableNodes& variable) {
  std::string out;
  MessageWriter writer(out);
  writer.bytes(1, variable.name + ":0").bytes(2, variable.initializer).bytes(3, variable.snapshot);
  if (variable.slice) writer.bytes(4, encode_slice(variable));
  if (variable.is_resource) writer.boolean(5, true);
  if (!variable.initial_value.empty()) writer.bytes(6, variable.initial_value);
  if (variable.trainable) writer.boolean(7, true);
  return out;
}

// A CollectionDef of kind bytes_list (2); absent when it would be empty.
void append_collection(std::string& out, Bytes name, const std::vector<std::string>& messages) {
  if (messages.empty()) return;
  std::string list, collection, entry;
  for (const std::string& message : messages) MessageWriter(list).bytes(1, message);
  MessageWriter(collection).bytes(2, list);
  MessageWriter(entry).bytes(1, name).bytes(2, collection);
  MessageWriter(out).bytes(4, entry);
}

void append_variables(std::string& out, Bytes name, const std::vector<VariableNodes>& variables,
                      bool trainable_only) {
  std::vector<std::string> messages;
  for (const VariableNodes& variable : variables) {
    if (variable.trainable || !trainable_only) messages.push_back(encode_variable(variable));
  }
  append_collection(out, name, messages);
}

// SaverDef: 1 filename_tensor_name, 2 save_tensor_name, 3 restore_op_name, 4 max_to_keep, 6
// keep_checkpoint_every_n_hours, 7 version (2: V2).
std::string encode_saver(const SaverNames& saver) {
  std::string out;
  MessageWriter(out)
      .bytes(1, saver.filename + ":0")
      .bytes(2, saver.scope + "/control_dependency:0")
      .bytes(3, saver.scope + "/restore_all")
      .varint(4, 5)
      .real(6, 10000.0F)
      .varint(7, 2);
  return out;
}

void append_signature(std::string& out, const NamedMessage& signature) {
  std::string entry;
  MessageWriter(entry).bytes(1, signature.name).bytes(2, signature.message);
  MessageWriter(out).bytes(5, entry);
}

}  // namespace

Recipe make_meta_graph(const Draft& draft, const MetaGraphParts& parts) {
  Recipe graph = draft.emit();
  std::string head;
  MessageWriter(head).bytes(1, "");
  append_header(head, 2, graph.size());
  Recipe meta(std::move(head));
  meta.add(std::move(graph));

  std::string tail;
  MessageWriter(tail).bytes(3, encode_saver(parts.saver));
  append_collection(tail, "cond_context", parts.contexts.cond_contexts);
  append_variables(tail, "local_variables", parts.locals, false);
  append_variables(tail, "trainable_variables", parts.variables, true);
  append_variables(tail, "variables", parts.variables, false);
  append_collection(tail, "while_context", parts.contexts.while_contexts);
  bool has_default = false;
  for (const NamedMessage& signature : parts.carried_signatures) {
    has_default |= signature.name == "serving_default";
    append_signature(tail, signature);
  }
  if (!has_default) append_signature(tail, {"serving_default", encode_signature(parts.signature)});
  meta.add(std::move(tail));
  return meta;
}

}  // namespace thaw::internal
