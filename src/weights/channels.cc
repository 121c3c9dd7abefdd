#include "weights/channels.h"

#include <algorithm>
#include <unordered_set>

#include "ops/op_slots.h"
#include "ops/weight_slots.h"
#include "weights/uses.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kMostVisited = 200;

bool is_transposed(const Graph& graph, NodeId id) {
  for (const Bytes key : {"transpose_b", "adj_y"}) {
    const std::optional<Bytes> value = graph.attr(id, key);
    if (value && attr_as_bool(*value).value_or(false)) return true;
  }
  return false;
}

// What comes out of a weighted operation with a kernel of these dimensions.
std::optional<std::int64_t> output_channels(const Graph& graph, NodeId id,
                                            const std::vector<std::int64_t>& dims) {
  const Bytes op = graph.op(id);
  const std::size_t rank = dims.size();
  if (rank == 0) return std::nullopt;
  if (op.find("Depthwise") != Bytes::npos) return rank == 4 ? std::optional(dims[2] * dims[3]) : std::nullopt;
  if (op.find("BackpropInput") != Bytes::npos)
    return rank >= 2 ? std::optional(dims[rank - 2]) : std::nullopt;
  if (op.find("LSTM") != Bytes::npos) return dims[rank - 1] / 4;
  if (rank >= 2 && is_transposed(graph, id)) return dims[rank - 2];
  return dims[rank - 1];
}

std::optional<std::int64_t> from_weight(const Graph& graph, NodeId id) {
  std::uint32_t slot = 0;
  for (const Edge& input : graph.inputs(id)) {
    if (input.is_control()) break;
    const WeightSlot* row = find_weight_slot(graph.op(id), slot++);
    if (row == nullptr || (row->part != Part::kernel && row->part != Part::table &&
                           row->part != Part::gamma && row->part != Part::bias))
      continue;
    const NodeId constant = constant_behind(graph, input.node);
    if (constant == kNoNode) continue;
    const std::optional<TensorHead> head = graph.tensor_head(constant, "value");
    if (!head || head->shape.unknown_rank()) continue;
    return output_channels(graph, id, head->shape.dims());
  }
  return std::nullopt;
}

bool is_passed_over(Bytes op) {
  return keeps_channels(op) || is_arithmetic(op) || is_elementwise_unary(op) || op == "Reshape" ||
         op == "Squeeze" || op == "ExpandDims" || op == "Slice" || op == "StridedSlice";
}

}  // namespace

std::optional<std::int64_t> channels_of(const Graph& graph, NodeId start) {
  std::vector<NodeId> work{start};
  std::unordered_set<NodeId> seen{start};
  for (std::size_t next = 0; next < work.size() && next < kMostVisited;
       ++next) {  // breadth first: the nearest counts
    const NodeId id = work[next];
    if (const std::optional<std::int64_t> channels = from_weight(graph, id)) return channels;
    if (!is_passed_over(graph.op(id))) continue;
    for (const Edge& input : graph.inputs(id)) {
      if (!input.is_control() && seen.insert(input.node).second) work.push_back(input.node);
    }
  }
  return std::nullopt;
}

bool fits_channels(const Shape& shape, std::int64_t channels) {
  const std::vector<std::int64_t>& dims = shape.dims();
  if (dims.empty()) return false;
  if (dims.back() == channels) return true;
  // One number per channel in front, for NCHW: [C,1,1] or [1,C,1,1].
  const auto large = std::ranges::count_if(dims, [](std::int64_t dim) { return dim != 1; });
  return large == 1 && std::ranges::find(dims, channels) != dims.end();
}

}  // namespace thaw::internal
