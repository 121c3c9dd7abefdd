// Model: an opened file of any kind: its graph and, for a MetaGraphDef, what lies around the graph.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "messages/asset_file_def.h"
#include "model/carried_variables.h"
#include "model/graph.h"
#include "model/sniff.h"
#include "model/stored_form.h"

namespace thaw::internal {

// An entry of a map<string, message> field, encoded.
struct NamedMessage {
  std::string name;
  std::string message;
};

// The parts of a MetaGraphDef (core/protobuf/meta_graph.proto) beside its graph: 1 meta_info_def, 3
// saver_def, 4 collection_def, 5 signature_def, 6 asset_file_def, 7 object_graph_def.
struct Envelope {
  std::vector<NamedMessage> collections;
  std::vector<NamedMessage> signatures;
  // Of meta_info_def: 4 tags, 5 tensorflow_version, 6 tensorflow_git_version; empty when absent.
  std::vector<std::string> tags;
  std::string tensorflow_version, tensorflow_git_version;
  std::string saver;         // the SaverDef, encoded
  std::string object_graph;  // the SavedObjectGraph, encoded
  std::vector<AssetFileDef> assets;
  // Operations that fill tables, of a model that was opened to be thawed; of all others none are looked for.
  std::vector<std::string> table_fillers = {};
};

struct Model {
  FileKind kind = FileKind::graph_def;
  SourcePtr file;  // as given; for its name, size and identity
  std::shared_ptr<const Graph> graph;
  Envelope envelope;
  std::shared_ptr<const StoredForm> stored = nullptr;  // where the graph is not that of the file
  // Null for a file without variables, and wherever a file is not opened to be thawed.
  std::shared_ptr<const CarriedVariables> carried = nullptr;
};

// A source that is a GraphDef, as open_model reads it.
std::shared_ptr<const Graph> read_graph(const SourcePtr& source);

// Throws input_io, malformed and unsupported, each with the file's name.
Model open_model(const SourcePtr& file);

// The same for whoever does not thaw: every MetaGraphDef of a SavedModel (core/protobuf/saved_model.proto: 1
// saved_model_schema_version, 2 meta_graphs), one Model of any other file. Graphs may be
// without nodes.
std::vector<Model> open_models(const SourcePtr& file);

}  // namespace thaw::internal
