// The variables that a MetaGraphDef declares, with all that matters of VariableDef
// (core/framework/variable.proto): 1 variable_name, 2 initializer_name, 4 save_slice_info_def {1 full_name, 2
// full_shape, 3 var_offset, 4 var_shape}.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/model.h"
#include "thaw/checkpoint.h"

namespace thaw::internal {

// The values of a CollectionDef of bytes (core/protobuf/meta_graph.proto: 2 bytes_list, a message {1 value,
// repeated}), in order.
void each_collected(Bytes collection, const std::function<void(Bytes value)>& take);

struct VariableDef {
  std::string node;
  std::string initializer;
  bool trainable = false;           // it is in the collection trainable_variables
  std::string whole;                // of a part: the partitioned variable
  std::optional<SlicePlace> slice;  // and where in it the part is
};

// Each once, in the order of the collection `variables`. Throws malformed.
std::vector<VariableDef> variable_defs(const Envelope& envelope);

// The nodes of the collection `local_variables`. Throws malformed.
std::vector<std::string> local_variables(const Envelope& envelope);

// The names of their nodes alone, in the order of the file and as often as they stand there; local variables
// have no values to be kept. Throws malformed.
std::vector<std::string> declared_variables(const Envelope& envelope);

}  // namespace thaw::internal
