// Cells of recurrent networks that TensorFlow 2 cannot differentiate, written out as operations that it can:
// the same sums and products in the same order (core/kernels/rnn/lstm_ops.h, gru_ops.h), so that results stay
// equal bit for bit. The cell itself becomes an IdentityN of its results, which all who take it go on taking.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "messages/node_def.h"

namespace thaw::internal {

struct CellExpansion {
  std::vector<NodeDef> added;
  NodeDef cell;  // in place of the old one
};

bool is_cell(Bytes op);  // LSTMBlockCell or GRUBlockCell

// Those of single or half precision. New nodes stand below `scope`; constants among
// them run after `anchor`, a node of the same loop, unless it is empty.
bool is_expandable(const NodeDef& node);
CellExpansion expand_cell(const NodeDef& cell, const std::string& scope, const std::string& anchor);

}  // namespace thaw::internal
