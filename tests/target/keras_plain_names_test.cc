#include "target/keras_plain_names.h"

#include <gtest/gtest.h>

namespace thaw::internal {
namespace {

TEST(KerasPlainNames, AreWhatKerasWouldCallTheLayers) {
  EXPECT_EQ(plain_layer_name("layers/dense_1", 0), "dense_1");
  EXPECT_EQ(plain_layer_name("layers/lstm_1/cell", 4), "lstm_1/lstm_cell");
  EXPECT_EQ(plain_layer_name("layers/bidirectional/forward_layer/cell", 4),
            "bidirectional/forward_lstm/lstm_cell");
  EXPECT_EQ(plain_layer_name("layers/bidirectional_2/backward_layer/cell", 3),
            "bidirectional_2/backward_gru/gru_cell");
  EXPECT_EQ(plain_layer_name("layers/bidirectional/forward_layer/cell", 1),
            "bidirectional/forward_simple_rnn/simple_rnn_cell");
  EXPECT_EQ(plain_layer_name("layers/multi_head_attention_1/_key_dense", 2), "multi_head_attention_1/key");
  EXPECT_EQ(plain_layer_name("layers/multi_head_attention/_output_dense", 0),
            "multi_head_attention/attention_output");
}

}  // namespace
}  // namespace thaw::internal
