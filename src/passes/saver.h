// The saver: `save/...`, an unsharded V2 saver as tf.train.Saver builds it (python/training/saver.py).
#pragma once

#include <string>
#include <vector>

#include "draft/draft.h"
#include "passes/variable_nodes.h"

namespace thaw::internal {

// The names a SaverDef (core/protobuf/saver.proto) needs.
struct SaverNames {
  std::string scope;     // "save", or "save_1" ... when that is taken
  std::string filename;  // node: save/Const
};

// The filename chain, before the variables: their initialisers may refer to it. `default_prefix` is what an
// unfed filename is.
SaverNames add_saver_filename(Draft& draft, const std::string& outer_scope,
                              const std::string& default_prefix);

// Everything else. Variables are in SaveV2's argument order.
void add_saver(Draft& draft, const SaverNames& names, const std::vector<VariableNodes>& variables);

}  // namespace thaw::internal
