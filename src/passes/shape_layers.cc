#include <algorithm>

#include "passes/shape_rules.h"

namespace thaw::internal {

namespace {

// scale, offset, mean and variance follow the images: one number for each channel.
void normalize(ShapeQuery& query) {
  const bool volumes = query.op() == "FusedBatchNormV3" && query.shape(0).rank() == 5;
  if (query.shape(0).unknown_rank()) return;
  const std::size_t rank = volumes ? 5 : 4;
  const std::string format = query.text("data_format", "NHWC");
  const bool last = format == "NHWC" || format == "NDHWC";
  if (!last && format != "NCHW" && format != "NCDHW") return;
  Dims dims = ranked(query.shape(0), rank).dims();
  Dim& channels = dims[last ? rank - 1 : 1];
  const std::size_t vectors = query.flag("is_training", true) ? 2 : 4;
  for (std::size_t slot = 1; slot <= vectors; ++slot)
    channels = merged(channels, ranked(query.shape(slot), 1).dims()[0]);
  const Shape vector({channels});
  query.give(Shape(std::move(dims)));
  for (int port = 1; port <= 4; ++port) query.give(vector);
}

void normalize_globally(ShapeQuery& query) {
  Dims dims = ranked(query.shape(0), 4).dims();
  for (std::size_t slot = 1; slot <= 4; ++slot)
    dims[3] = merged(dims[3], ranked(query.shape(slot), 1).dims()[0]);
  query.give(Shape(std::move(dims)));
}

// A whole sequence: seq_len_max, x [time, batch, inputs], cs_prev and h_prev [batch, cells],
// w [inputs + cells, 4 cells], three peepholes, b [4 cells] (kernels/rnn/lstm_ops.cc).
void lstm_sequence(ShapeQuery& query) {
  const Shape x = ranked(query.shape(1), 3), state = ranked(query.shape(2), 2),
              output = ranked(query.shape(3), 2);
  const Shape weights = ranked(query.shape(4), 2), biases = ranked(query.shape(8), 1);
  Dim cells = divide_exactly(biases.dims()[0], 4);
  for (const Shape* previous : {&state, &output}) {
    merged(previous->dims()[0], x.dims()[1]);
    cells = merged(cells, previous->dims()[1]);
  }
  merged(weights.dims()[0], add(x.dims()[2], cells));
  query.give_all(Shape({x.dims()[0], x.dims()[1], cells}));
}

// One step: x [batch, inputs], cs_prev and h_prev [batch, cells], w, three peepholes, b.
void lstm_step(ShapeQuery& query) {
  const Shape x = ranked(query.shape(0), 2), state = merged(ranked(query.shape(1), 2), query.shape(2));
  const Shape weights = ranked(query.shape(3), 2);
  const Dim batch = merged(x.dims()[0], state.dims()[0]), cells = state.dims()[1];
  merged(weights.dims()[0], add(x.dims()[1], cells));
  query.give_all(Shape({batch, cells}));
}

// x [batch, inputs], h_prev [batch, cells], w_ru, w_c, b_ru, b_c.
void gru_step(ShapeQuery& query) {
  const Shape x = ranked(query.shape(0), 2), state = ranked(query.shape(1), 2),
              weights = ranked(query.shape(2), 2);
  const Dim batch = merged(x.dims()[0], state.dims()[0]), cells = state.dims()[1];
  merged(weights.dims()[0], add(x.dims()[1], cells));
  query.give_all(Shape({batch, cells}));
}

void tensor_array(ShapeQuery& query) {
  const bool grows = query.flag("dynamic_size", false);
  const Number size = query.number(0);
  TensorFact handle;
  handle.shape = Shape({2});
  handle.handle = std::make_shared<HandleFact>(
      HandleFact{grows || !size || *size < 0 ? kAny : *size, query.shape_attr("element_shape")});
  query.give(std::move(handle));
  query.give(Shape());
}

// handle, indices, value, flow: every row of value goes to an element of its own.
void scatter_elements(ShapeQuery& query) {
  const Dim indices = ranked(query.shape(1), 1).dims()[0];
  require_rank(query.shape(2), 1);
  const Dim rows = merged(indices, dim_of(query.shape(2), 0));
  const auto& array = query.input(0).handle;
  if (array && array->size >= 0 && rows > array->size) {
    clash("at most " + std::to_string(array->size) + " rows, as the TensorArray has elements, not " +
          std::to_string(rows));
  }
  query.give(Shape());
}

// handle, indices, flow.
void gather_elements(ShapeQuery& query) {
  const Shape element = query.shape_attr("element_shape");
  if (element.unknown_rank()) return;
  Dims dims = element.dims();
  dims.insert(dims.begin(), dim_of(query.shape(1), 0));
  query.give(Shape(std::move(dims)));
}

void read_element(ShapeQuery& query) {
  if (query.input(0).handle) query.give(query.input(0).handle->shape);
}

// tensor, element_shape: a row makes an element.
void list_of_rows(ShapeQuery& query) {
  const Shape& tensor = query.shape(0);
  require_rank(tensor, 1);
  if (!tensor.unknown_rank()) {
    merged(Shape(Dims(tensor.dims().begin() + 1, tensor.dims().end())), query.spelled_shape(1));
  }
  query.give(Shape());
}

// handle, element_shape.
void stack_list(ShapeQuery& query) {
  const Shape element = query.spelled_shape(1);
  if (element.unknown_rank()) return;
  Dims dims = element.dims();
  dims.insert(dims.begin(), std::max(query.integer("num_elements", kAny), kAny));
  query.give(Shape(std::move(dims)));
}

// handle, indices, element_shape.
void gather_from_list(ShapeQuery& query) {
  const Shape element = query.spelled_shape(2);
  if (element.unknown_rank()) return;
  Dims dims = element.dims();
  dims.insert(dims.begin(), dim_of(query.shape(1), 0));
  query.give(Shape(std::move(dims)));
}

// handle, index, element_shape.
void list_element(ShapeQuery& query) { query.give(query.spelled_shape(2)); }

void scalar_state(ShapeQuery& query) { query.give(Shape()); }

constexpr ShapeRow kLayerRows[] = {
    {"BatchNormWithGlobalNormalization", normalize_globally},
    {"BlockLSTM", lstm_sequence},
    {"BlockLSTMV2", lstm_sequence},
    {"FusedBatchNorm", normalize},
    {"FusedBatchNormV2", normalize},
    {"FusedBatchNormV3", normalize},
    {"GRUBlockCell", gru_step},
    {"LSTMBlockCell", lstm_step},
    {"TensorArrayGatherV3", gather_elements},
    {"TensorArrayReadV3", read_element},
    {"TensorArrayScatterV3", scatter_elements},
    {"TensorArraySizeV3", scalar_state},
    {"TensorArraySplitV3", scalar_state},
    {"TensorArrayV3", tensor_array},
    {"TensorArrayWriteV3", scalar_state},
    {"TensorListFromTensor", list_of_rows},
    {"TensorListGather", gather_from_list},
    {"TensorListGetItem", list_element},
    {"TensorListLength", scalar_state},
    {"TensorListReserve", scalar_state},
    {"TensorListScatterIntoExistingList", scalar_state},
    {"TensorListSetItem", scalar_state},
    {"TensorListSplit", scalar_state},
    {"TensorListStack", stack_list},
};

}  // namespace

std::span<const ShapeRow> layer_shape_rows() { return kLayerRows; }

}  // namespace thaw::internal
