// Layers' names for files that have none, as Keras before 3.3 and tf_keras write them: groups are called
// after classes and in the order of the model's layers, members of a layer after its attributes.
//
//   layers/lstm_1/cell                        lstm_1/lstm_cell
//   layers/bidirectional/forward_layer/cell   bidirectional/forward_lstm/lstm_cell
//   layers/multi_head_attention/_query_dense  multi_head_attention/query
#pragma once

#include <string>

#include "thaw/source.h"

namespace thaw::internal {

// Of a group that has variables; `gates` of its recurrent kernel, 0 without one.
std::string plain_layer_name(Bytes group, std::int64_t gates);

}  // namespace thaw::internal
