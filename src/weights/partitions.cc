#include "weights/partitions.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>

#include "names/scopes.h"
#include "weights/direct_evidence.h"
#include "weights/uses.h"

namespace thaw::internal {

namespace {

// "W/part_3" -> W, 3.
std::optional<std::pair<std::string, std::uint32_t>> part_of(Bytes name) {
  const Bytes last = last_component(name);
  if (!last.starts_with("part_") || last.size() == name.size()) return std::nullopt;
  std::uint32_t index = 0;
  const Bytes digits = last.substr(5);
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (digits.empty() || result.ec != std::errc() || result.ptr != digits.data() + digits.size())
    return std::nullopt;
  return std::pair(std::string(name.substr(0, name.size() - last.size() - 1)), index);
}

std::optional<std::int64_t> scalar_of(const Graph& graph, NodeId id) {
  if (graph.op(id) != "Const") return std::nullopt;
  const Value value = graph.tensor(id, "value").value;
  if (value.element_count() != 1 || (value.dtype() != DType::int32 && value.dtype() != DType::int64))
    return std::nullopt;
  std::int64_t number = 0;
  const std::string bytes = value.bytes();
  for (std::size_t i = bytes.size(); i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

// The axis of the ConcatV2 under W/ConcatPartitions that joins exactly these parts in this order.
std::optional<std::int64_t> concat_axis(const Graph& graph, const std::string& whole,
                                        const std::vector<NodeId>& parts) {
  const NodeId concat = graph.find(whole + "/ConcatPartitions/concat");
  if (concat == kNoNode || graph.op(concat) != "ConcatV2") return std::nullopt;
  const auto inputs = graph.inputs(concat);
  if (inputs.size() != parts.size() + 1) return std::nullopt;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (constant_behind(graph, inputs[i].node) != parts[i]) return std::nullopt;
  }
  return scalar_of(graph, inputs.back().node);
}

bool is_looked_up(const Graph& graph, NodeId part) {
  std::vector<NodeId> nodes = find_readers(graph, part);
  nodes.push_back(part);
  return std::ranges::any_of(nodes, [&](NodeId id) {
    return std::ranges::any_of(graph.consumers(id), [&](const Edge& consumer) {
      const Bytes op = graph.op(consumer.node);
      return consumer.port == 0 && (op == "Gather" || op == "GatherV2");
    });
  });
}

// Full shape and offsets along `axis`; nothing when the parts do not fit together, or have no numbers: no
// slice of a checkpoint is empty (tensorflow/core/framework/tensor_slice.cc, TensorSlice::Parse).
std::optional<std::vector<SlicePlace>> places_along(const std::vector<Shape>& shapes, std::int64_t axis) {
  const std::size_t rank = shapes[0].rank();
  if (axis < 0) axis += static_cast<std::int64_t>(rank);
  if (axis < 0 || static_cast<std::size_t>(axis) >= rank) return std::nullopt;
  const auto along = static_cast<std::size_t>(axis);
  std::vector<std::int64_t> full = shapes[0].dims();
  full[along] = 0;
  for (const Shape& shape : shapes) {
    if (shape.rank() != rank) return std::nullopt;
    for (std::size_t d = 0; d < rank; ++d) {
      if (shape.dims()[d] < 1 || (d != along && shape.dims()[d] != full[d])) return std::nullopt;
    }
    if (shape.dims()[along] > INT64_MAX - full[along]) return std::nullopt;
    full[along] += shape.dims()[along];
  }
  if (!Shape(full).element_count()) return std::nullopt;
  std::vector<SlicePlace> places;
  std::int64_t offset = 0;
  for (const Shape& shape : shapes) {
    SlicePlace place{Shape(full), {}};
    for (std::size_t d = 0; d < rank; ++d)
      place.extents.push_back({d == along ? offset : 0, shape.dims()[d]});
    offset += shape.dims()[along];
    places.push_back(std::move(place));
  }
  return places;
}

std::optional<Partition> join(const Graph& graph, const std::string& whole,
                              const std::map<std::uint32_t, NodeId>& numbered) {
  Partition partition{whole, {}, {}};
  std::vector<Shape> shapes;
  std::optional<DType> dtype;
  for (const auto& [index, node] : numbered) {
    if (index != partition.parts.size()) return std::nullopt;
    const TensorHead head = graph.tensor_head(node, "value").value();
    if (head.shape.rank() == 0 || (dtype && *dtype != head.dtype)) return std::nullopt;
    dtype = head.dtype;
    shapes.push_back(head.shape);
    partition.parts.push_back(node);
  }
  std::optional<std::int64_t> axis = concat_axis(graph, whole, partition.parts);
  const bool tables =
      std::ranges::all_of(partition.parts, [&](NodeId part) { return is_looked_up(graph, part); });
  if (!axis && tables && partition.parts.size() > 1) axis = 0;
  if (!axis) return std::nullopt;
  const std::optional<std::vector<SlicePlace>> places = places_along(shapes, *axis);
  if (!places) return std::nullopt;
  partition.places = *places;
  return partition;
}

}  // namespace

std::vector<Partition> find_partitions(const Graph& graph, const std::vector<Decision>& decisions) {
  std::map<std::string, std::map<std::uint32_t, NodeId>> groups;
  for (const Decision& decision : decisions) {
    if (decision.verdict != Verdict::variable) continue;
    if (const auto part = part_of(graph.name(decision.node)))
      groups[part->first][part->second] = decision.node;
  }
  std::vector<Partition> partitions;
  for (const auto& [whole, numbered] : groups) {
    if (std::optional<Partition> partition = join(graph, whole, numbered))
      partitions.push_back(std::move(*partition));
  }
  return partitions;
}

}  // namespace thaw::internal
