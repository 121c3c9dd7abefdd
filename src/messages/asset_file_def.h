// AssetFileDef (core/protobuf/meta_graph.proto: 1 tensor_info {1 name}, 2 filename): a file in the folder
// `assets` of a SavedModel, and the tensor that loaders feed its path to (python/saved_model/loader_impl.py).
#pragma once

#include <string>

#include "wire/walk.h"

namespace thaw::internal {

struct AssetFileDef {
  std::string tensor;    // "Const:0"
  std::string filename;  // as the file has it: anything
};

// Throws malformed, also for a text longer than any path.
AssetFileDef read_asset_file_def(Window& window, Range message);
std::string encode_asset_file_def(const AssetFileDef& asset);

}  // namespace thaw::internal
