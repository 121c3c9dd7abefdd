// Recurrent cells of TensorFlow 1 in a frozen graph, and how they compute (python/ops/rnn_cell_impl.py,
// contrib/rnn/ops/lstm_ops.cc). One matrix for what comes in and for the state:
//
//   LSTM   [x, h] kernel + bias = i, j, f, o;   c' = c sigmoid(f + forget) + sigmoid(i) tanh(j)
//          h' = sigmoid(o) tanh(c')
//   GRU    sigmoid([x, h] gates/kernel + gates/bias) = r, u;   c = tanh([x, r h] candidate/kernel + bias)
//          h' = u h + (1 - u) c
#pragma once

#include <string>
#include <vector>

#include "model/graph.h"

namespace thaw::internal {

enum class CellKind : std::uint8_t { lstm, gru };

// Constants of a cell, by their nodes.
struct CellWeights {
  CellKind kind = CellKind::lstm;
  NodeId kernel = kNoNode, bias = kNoNode;  // of a GRU: of its gates
  NodeId candidate_kernel = kNoNode, candidate_bias = kNoNode;
};

struct CellFacts {
  bool joined = false;  // one matrix serves what comes in and the state, as far as the graph shows
  double forget = 0;    // what is added to the forget gate at run time
  std::string doubt;    // why the graph does not show this cell; empty when it does
};

CellFacts look_at_cell(const Graph& graph, const CellWeights& cell);

}  // namespace thaw::internal
