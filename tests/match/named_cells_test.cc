#include "match/named_cells.h"

#include <gtest/gtest.h>

#include "match/sides.h"

namespace thaw::internal {
namespace {

std::string found(const std::vector<std::string>& lines) {
  std::vector<ShapedName> names;
  for (const Weight& weight : weights_of(lines)) names.push_back({weight.name, weight.shape});
  std::string text;
  for (const NamedCell& cell : find_named_cells(names)) {
    text += cell.kind == CellKind::lstm ? "lstm " : "gru ";
    text += cell.layout == CellLayout::joined ? "joined " : "split ";
    text += cell.scope + " " + std::to_string(cell.inputs) + "," + std::to_string(cell.units) +
            (cell.reset_after ? " reset after" : "") + (cell.bias == kNoWeight ? " no bias" : "") + ";";
  }
  return text;
}

struct CellCase {
  std::vector<std::string> weights;
  std::string cells;
};

TEST(NamedCells, AreToldByNamesAndShapes) {
  const std::vector<CellCase> cases{
      {{"rnn/basic_lstm_cell/kernel 7,16", "rnn/basic_lstm_cell/bias 16"},
       "lstm joined rnn/basic_lstm_cell 3,4;"},
      {{"a/lstm_cell_2/kernel 7,16", "a/lstm_cell_2/bias 16"}, "lstm joined a/lstm_cell_2 3,4;"},
      {{"l/lstm_cell/kernel 3,16", "l/lstm_cell/recurrent_kernel 4,16", "l/lstm_cell/bias 16"},
       "lstm split l/lstm_cell 3,4;"},
      {{"l/lstm_cell/kernel 3,16", "l/lstm_cell/recurrent_kernel 4,16"},
       "lstm split l/lstm_cell 3,4 no bias;"},
      {{"r/gru_cell/gates/kernel 7,8", "r/gru_cell/gates/bias 8", "r/gru_cell/candidate/kernel 7,4",
        "r/gru_cell/candidate/bias 4"},
       "gru joined r/gru_cell 3,4;"},
      {{"g/gru_cell/kernel 3,12", "g/gru_cell/recurrent_kernel 4,12", "g/gru_cell/bias 2,12"},
       "gru split g/gru_cell 3,4 reset after;"},
      {{"rnn/lstm_cell/kernel 4,16", "rnn/lstm_cell/bias 16"}, ""},  // no rows for what comes in
      {{"rnn/lstm_cell/kernel 7,16"}, ""},
      {{"rnn/lstm_cell/kernel 7,15", "rnn/lstm_cell/bias 15"}, ""},
      {{"l/lstm_cell/kernel 3,16", "l/lstm_cell/recurrent_kernel 4,12", "l/lstm_cell/bias 16"}, ""},
      {{"r/gru_cell/gates/kernel 7,8", "r/gru_cell/gates/bias 8", "r/gru_cell/candidate/kernel 6,4",
        "r/gru_cell/candidate/bias 4"},
       ""},
      {{"dense/kernel 7,16", "dense/bias 16", "kernel 7,16", "bias 16"}, ""},
      {{"r/cudnn_compatible_lstm_cell/kernel 7,16", "r/cudnn_compatible_lstm_cell/bias 16"}, ""},
  };
  for (const CellCase& one : cases) EXPECT_EQ(found(one.weights), one.cells) << one.weights.front();
}

}  // namespace
}  // namespace thaw::internal
