// Files of a SavedModel's folder `assets`, vocabularies for instance, which a SavedModel that is made of it
// needs, too.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "messages/asset_file_def.h"
#include "model/model.h"
#include "thaw/destination.h"

namespace thaw::internal {

struct CarriedAssets {
  std::vector<AssetFileDef> named;           // several tensors may be fed one file
  std::map<std::string, SourcePtr> present;  // by file name
  std::vector<std::string> missing;          // file names
};

// Of a SavedModel in a folder, those whose tensor's node is one that `has_node` knows; other models have
// none. Throws malformed for a name that leads out of the folder, input_io.
CarriedAssets find_assets(const Model& model, const Destination& files,
                          const std::function<bool(const std::string& node)>& has_node);

}  // namespace thaw::internal
