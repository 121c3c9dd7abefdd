// Graph: the nodes of an opened model, indexed and immutable. Skeletons (everything but large tensors) are in
// memory, tensors stay in the source as ranges.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "io/arena.h"
#include "io/block_list.h"
#include "messages/attr_value.h"
#include "messages/node_def.h"
#include "model/name_table.h"
#include "tensor/tensor_proto.h"
#include "thaw/source.h"

namespace thaw::internal {

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = NameTable::kNone;

// One input of a node, resolved. `output` is kControl for a control edge.
inline constexpr std::uint32_t kControl = 0xFFFFFFFF;
struct Edge {
  NodeId node = kNoNode;   // of inputs: the producer; of consumers: who takes it
  std::uint32_t port = 0;  // of inputs: the producer's output; of consumers: the slot, data inputs from 0
  bool is_control() const { return port == kControl; }
  bool operator==(const Edge&) const = default;
};
// One number for each edge, for tables of them.
inline std::uint64_t key_of(const Edge& edge) { return std::uint64_t{edge.node} << 32 | edge.port; }
std::uint32_t data_input_count(std::span<const Edge> inputs);

// What is known of a node without its tensors; there are hundreds of thousands of these. A skeleton begins
// with the node's name and op, in this order.
struct NodeRecord {
  const char* skeleton;
  std::uint64_t field_at;  // the node in its source, tag and length included
  std::uint32_t skeleton_size;
  std::uint32_t first_input;
  std::uint32_t op;  // among Graph::ops_
  std::uint16_t name_size;
  std::uint8_t name_at;
  std::uint8_t
      field_header;  // how much of the field stands before the skeleton's bytes; 0: see Graph::odd_fields_
};
static_assert(sizeof(NodeRecord) == 32);

// A tensor that was left in the source: attribute `key` of `node`, as a TensorProto.
struct Cut {
  NodeId node;
  Bytes key;
  Range tensor;
};

// Immutable once built; const use from several threads. Owns the skeletons, shares the source.
class Graph {
 public:
  std::size_t node_count() const { return records_.size(); }
  Bytes name(NodeId id) const {
    const NodeRecord& record = records_[id];
    return {record.skeleton + record.name_at, record.name_size};
  }
  Bytes op(NodeId id) const { return ops_[op_number(id)]; }
  // Operations are held once each: what depends on the operation alone can be found out once each, too.
  std::uint32_t op_number(NodeId id) const { return records_[id].op; }
  const std::vector<Bytes>& ops() const { return ops_; }
  Bytes device(NodeId id) const;
  // An encoded NodeDef in which large tensors have lost their elements.
  Bytes skeleton(NodeId id) const { return {records_[id].skeleton, records_[id].skeleton_size}; }
  // Whether the skeleton is all of the node, byte for byte.
  bool is_verbatim(NodeId id) const { return records_[id].field_header != 0; }
  // The node in its source, tag and length included.
  Range field(NodeId id) const;

  // In the order of the file, data inputs first.
  std::span<const Edge> inputs(NodeId id) const;
  // Who takes any output of the node, control edges included. `slot` counts data inputs.
  std::span<const Edge> consumers(NodeId id) const;
  NodeId find(Bytes name) const;  // kNoNode when absent
  // The same, when it is likely to be `guess`.
  NodeId find(Bytes name, NodeId guess) const;
  NodeId find_hashed(Bytes name, std::uint64_t hash) const {
    return by_name_.find(name, hash, [this](NodeId id) { return this->name(id); });
  }

  // The encoded AttrValue, without the elements of a large tensor.
  std::optional<Bytes> attr(NodeId id, Bytes key) const;
  std::optional<DType> type_attr(NodeId id, Bytes key) const;
  // Everything about a tensor attribute that needs no look at its elements.
  std::optional<TensorHead> tensor_head(NodeId id, Bytes key) const;
  // The encoded AttrValue with all its elements; large tensors are ranges in it.
  std::optional<Recipe> whole_attr(NodeId id, Bytes key) const;
  bool has_large_tensor(NodeId id) const;
  // The tensor itself. Throws malformed, naming the node.
  TensorProto tensor(NodeId id, Bytes key) const;
  // The node as a message to be edited; large tensors are ranges in it.
  NodeDef node_def(NodeId id) const;

  const SourcePtr& source() const { return source_; }
  // All of GraphDef but its nodes: library, version, versions, later fields. Each a whole field.
  const Recipe& rest() const { return rest_; }
  bool has_library() const { return has_library_; }
  std::optional<std::int64_t> producer() const { return producer_; }
  std::size_t skeleton_bytes() const { return arena_.bytes_used(); }

 private:
  friend class GraphBuilder;
  // A field whose bytes are not those of its skeleton: something large was left out, or the order was
  // another.
  struct OddField {
    NodeId node;
    std::uint64_t size;
  };

  const Cut* find_cut(NodeId id, Bytes key) const;

  SourcePtr source_;
  Arena arena_;
  BlockList<NodeRecord> records_;
  std::vector<OddField> odd_fields_;  // sorted by node
  std::vector<Edge> inputs_;
  std::vector<std::uint32_t> consumer_begin_;
  std::vector<Edge> consumers_;
  NameTable by_name_;
  std::vector<Bytes> ops_;  // each once, in the arena
  std::vector<Cut> cuts_;   // sorted by node
  Recipe rest_;
  bool has_library_ = false;
  std::optional<std::int64_t> producer_;
};

// "a:0" without ":0": the tensor as TensorFlow's users write it.
std::string tensor_name(Bytes node, std::uint32_t output);

}  // namespace thaw::internal
