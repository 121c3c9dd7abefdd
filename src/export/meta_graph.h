// The `.meta` file: a MetaGraphDef (core/protobuf/meta_graph.proto: 1 meta_info_def, 2 graph_def, 3
// saver_def, 4 collection_def, 5 signature_def, 6 asset_file_def) that tf.compat.v1.train.import_meta_graph
// takes.
#pragma once

#include <vector>

#include "draft/draft.h"
#include "export/signature.h"
#include "model/model.h"
#include "passes/context_messages.h"
#include "passes/saver.h"
#include "passes/variable_nodes.h"

namespace thaw::internal {

struct MetaGraphParts {
  std::vector<VariableNodes> variables;  // global
  std::vector<VariableNodes> locals;
  ContextMessages contexts;
  std::vector<std::string> update_ops;  // operations, for tf.GraphKeys.UPDATE_OPS
  SaverNames saver;
  Signature signature;                   // made here
  std::vector<NamedMessage> signatures;  // all that are written
  Recipe origin;                         // see model/origin.h
  // Of SavedModels only.
  std::vector<std::string> tags;
  std::string main_op;       // operation that readies state and tables; empty when there are none
  std::string object_graph;  // encoded
  std::vector<AssetFileDef> assets;
  std::vector<std::string> table_fillers;  // operations of the collection table_initializer
};

Recipe make_meta_graph(const Draft& draft, const MetaGraphParts& parts);

}  // namespace thaw::internal
