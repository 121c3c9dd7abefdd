#include "export/meta_graph.h"

#include "model/origin.h"
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

Recipe in_field(std::uint32_t number, Recipe payload) {
  std::string header;
  append_header(header, number, payload.size());
  Recipe field(std::move(header));
  field.add(std::move(payload));
  return field;
}

// An entry of a map: 1 name, 2 message.
Recipe in_entry(Bytes name, Recipe message) {
  std::string key;
  MessageWriter(key).bytes(1, name);
  Recipe entry(std::move(key));
  entry.add(in_field(2, std::move(message)));
  return entry;
}

// A CollectionDef of kind bytes_list (2), whose fields 1 are given; absent when it would be empty.
void append_collection(Recipe& out, Bytes name, std::string list) {
  if (!list.empty()) out.add(in_field(4, in_entry(name, in_field(2, Recipe(std::move(list))))));
}

std::string list_of(const std::vector<std::string>& messages) {
  std::string list;
  for (const std::string& message : messages) MessageWriter(list).bytes(1, message);
  return list;
}

// A CollectionDef of kind node_list (1): 1 value.
void append_node_collection(Recipe& out, Bytes name, const std::vector<std::string>& nodes) {
  if (!nodes.empty()) out.add(in_field(4, in_entry(name, in_field(1, Recipe(list_of(nodes))))));
}

std::string list_variables(const std::vector<VariableNodes>& variables, bool trainable_only) {
  std::string list;
  for (const VariableNodes& variable : variables) {
    if (variable.trainable || !trainable_only) MessageWriter(list).bytes(1, encode_variable(variable));
  }
  return list;
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

void append_signature(Recipe& out, const NamedMessage& signature) {
  out.add(in_field(5, in_entry(signature.name, Recipe(signature.message))));
}

}  // namespace

Recipe make_meta_graph(const Draft& draft, const MetaGraphParts& parts) {
  std::string info, head;
  for (const std::string& tag : parts.tags) MessageWriter(info).bytes(4, tag);
  MessageWriter(head).bytes(1, info);
  Recipe meta(std::move(head));
  meta.add(in_field(2, draft.emit()));
  meta.add(in_field(3, Recipe(encode_saver(parts.saver))));
  append_collection(meta, "cond_context", list_of(parts.contexts.cond_contexts));
  append_collection(meta, "local_variables", list_variables(parts.locals, false));
  if (!parts.origin.empty())
    meta.add(in_field(
        4, in_entry(kOriginCollection, in_field(2, in_field(1, Recipe(as_text(parts.origin.bytes())))))));
  // A NodeList (field 1 of a CollectionDef): names of operations and tensors.
  if (!parts.main_op.empty())
    meta.add(in_field(4, in_entry("saved_model_main_op", in_field(1, Recipe(list_of({parts.main_op}))))));
  // A NodeList (field 1 of a CollectionDef): names of operations.
  if (!parts.table_fillers.empty())
    meta.add(in_field(4, in_entry("table_initializer", in_field(1, Recipe(list_of(parts.table_fillers))))));
  append_collection(meta, "trainable_variables", list_variables(parts.variables, true));
  append_node_collection(meta, "update_ops", parts.update_ops);
  append_collection(meta, "variables", list_variables(parts.variables, false));
  append_collection(meta, "while_context", list_of(parts.contexts.while_contexts));
  for (const NamedMessage& signature : parts.signatures) append_signature(meta, signature);
  for (const AssetFileDef& asset : parts.assets) meta.add(in_field(6, Recipe(encode_asset_file_def(asset))));
  if (!parts.object_graph.empty()) meta.add(in_field(7, Recipe(parts.object_graph)));
  return meta;
}

}  // namespace thaw::internal
