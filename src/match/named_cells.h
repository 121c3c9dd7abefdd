// Recurrent cells told by the names and shapes of their weights.
//
//   TensorFlow 1   .../lstm_cell/{kernel [in + units, 4 units], bias [4 units]}
//                  .../gru_cell/{gates/{kernel [in + units, 2 units], bias}, candidate/{kernel, bias}}
//   Keras          .../lstm_cell/{kernel [in, 4 units], recurrent_kernel [units, 4 units], bias [4 units]}
//                  .../gru_cell/{kernel [in, 3 units], recurrent_kernel, bias [3 units] or [2, 3 units]}
#pragma once

#include <string>
#include <vector>

#include "match/recurrent_cells.h"
#include "match/slots.h"

namespace thaw::internal {

inline constexpr std::size_t kNoWeight = static_cast<std::size_t>(-1);

struct NamedCell {
  CellKind kind = CellKind::lstm;
  CellLayout layout = CellLayout::joined;
  std::string scope;  // as the names have it
  std::int64_t inputs = 0, units = 0;
  // Of a joined GRU kernel and bias are of its gates.
  std::size_t kernel = kNoWeight, bias = kNoWeight;
  std::size_t recurrent_kernel = kNoWeight;                              // split
  std::size_t candidate_kernel = kNoWeight, candidate_bias = kNoWeight;  // joined GRU
  bool reset_after = false;  // a split GRU with a bias of its own for the state: another function

  std::vector<std::size_t> members() const;
};

struct ShapedName {
  std::string name;
  Shape shape;
};

// By their scopes. Indices are of `weights`.
std::vector<NamedCell> find_named_cells(const std::vector<ShapedName>& weights);

}  // namespace thaw::internal
