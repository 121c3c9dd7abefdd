#include "model/graph_builder.h"

#include <algorithm>

#include "thaw/error.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

// What a record can count; the skeleton's own headers are below 20 bytes.
constexpr std::size_t kLongestName = 0xFFFF;

void check_node(const SkeletonReader& node, std::size_t id, std::uint64_t at) {
  if (node.name().empty() || node.op().empty()) {
    throw Error(ErrorKind::malformed,
                "node number " + std::to_string(id) + " at byte " + std::to_string(at) + " has no " +
                    (node.name().empty() ? "name" : "op"),
                "NodeDef.name and NodeDef.op", "is this a TensorFlow graph?");
  }
  const std::size_t longest = std::max(node.name().size(), node.op().size());
  if (longest > kLongestName) {
    throw Error(ErrorKind::unsupported,
                "node number " + std::to_string(id) + " has a name of " + std::to_string(longest) + " bytes",
                "at most " + std::to_string(kLongestName));
  }
}

}  // namespace

GraphBuilder::GraphBuilder(SourcePtr source) : graph_(std::make_shared<Graph>()) {
  graph_->source_ = std::move(source);
}

void GraphBuilder::add(const Field& field, Window& window) {
  if (field.is_bytes(1)) return add_node(field, window);
  if (field.is_bytes(2)) graph_->has_library_ |= field.payload.size > 0;
  const std::uint64_t end = field.end(window);
  if (field.is_bytes(4)) {
    Walk walk(window, field.payload);
    for (Field part; walk.next(part);) {
      if (part.is(1, WireType::varint)) graph_->producer_ = static_cast<std::int64_t>(part.scalar);
    }
  }
  graph_->rest_.add(graph_->source_, {field.begin, end - field.begin});
}

void GraphBuilder::add_node(const Field& field, Window& window) {
  const std::size_t id = graph_->records_.size();
  if (id == kNoNode) throw Error(ErrorKind::unsupported, "a graph of more than 2^32 nodes");
  try {
    node_.read(field, window);
  } catch (Error& error) {
    const Bytes name = node_.name();
    throw error.at("node " + (name.empty() ? "number " + std::to_string(id) : quoted(name)));
  }
  check_node(node_, id, field.begin);
  keep_node(static_cast<NodeId>(id), field);
}

void GraphBuilder::keep_node(NodeId id, const Field& field) {
  const Bytes name = node_.name(), op = node_.op();
  const auto header = field.payload.at - field.begin;
  NodeRecord record{};
  record.skeleton = graph_->arena_.keep(node_.bytes()).data();
  record.skeleton_size = static_cast<std::uint32_t>(node_.bytes().size());
  record.field_at = field.begin;
  record.name_size = static_cast<std::uint16_t>(name.size());
  record.op = op_number(op);
  record.name_at = static_cast<std::uint8_t>(name.data() - node_.bytes().data());
  record.field_header = node_.is_verbatim() ? static_cast<std::uint8_t>(header) : 0;
  if (!node_.is_verbatim()) graph_->odd_fields_.push_back({id, header + field.payload.size});
  for (const LargeTensor& large : node_.large_tensors())
    graph_->cuts_.push_back({id, graph_->arena_.keep(large.key), large.tensor});
  record.first_input = input_count_;
  graph_->records_.push_back(record);
  input_count_ += static_cast<std::uint32_t>(node_.input_count());
}

// A graph has a few dozen operations, each of which occurs thousands of times.
std::uint32_t GraphBuilder::op_number(Bytes op) {
  std::vector<Bytes>& ops = graph_->ops_;
  const std::uint64_t hash = hash_of(op);
  const std::uint32_t known = op_numbers_.find(op, hash, [&](std::uint32_t number) { return ops[number]; });
  if (known != NameTable::kNone) return known;
  op_numbers_.add(hash, static_cast<std::uint32_t>(ops.size()));
  ops.push_back(graph_->arena_.keep(op));
  return static_cast<std::uint32_t>(ops.size() - 1);
}

std::shared_ptr<const Graph> GraphBuilder::finish() {
  index_names();
  resolve_inputs();
  index_consumers();
  return graph_;
}

std::shared_ptr<const Graph> GraphBuilder::finish_unlinked() {
  index_names();
  for (std::size_t id = 0; id < graph_->records_.size(); ++id) graph_->records_[id].first_input = 0;
  return graph_;
}

void GraphBuilder::index_names() {
  const auto count = static_cast<NodeId>(graph_->records_.size());
  graph_->by_name_.reserve(count);
  for (NodeId id = 0; id < count; ++id) {
    const Bytes name = graph_->name(id);
    const std::uint64_t hash = hash_of(name);
    if (graph_->find_hashed(name, hash) != kNoNode)
      throw Error(ErrorKind::malformed, "two nodes are called " + quoted(name), "names that are used once");
    graph_->by_name_.add(hash, id);
  }
}

// Nodes take most of what they take from just before them, where it is still at hand.
NodeId GraphBuilder::find_producer(Bytes name) {
  const std::uint64_t hash = hash_of(name);
  NodeId& recent = recent_[hash % recent_.size()];
  if (recent == kNoNode || graph_->name(recent) != name) recent = graph_->find_hashed(name, hash);
  return recent;
}

void GraphBuilder::resolve_inputs() {
  graph_->inputs_.reserve(input_count_);
  recent_.fill(kNoNode);
  for (NodeId id = 0; id < graph_->records_.size(); ++id) {
    recent_[hash_of(graph_->name(id)) % recent_.size()] = id;
    try {
      resolve_inputs_of(id);
    } catch (Error& error) {
      throw error.at("node " + quoted(graph_->name(id)));
    }
  }
}

// The node is read no further than its last input.
void GraphBuilder::resolve_inputs_of(NodeId id) {
  std::vector<Edge>& inputs = graph_->inputs_;
  const std::size_t end =
      id + 1 < graph_->records_.size() ? graph_->records_[id + 1].first_input : input_count_;
  bool control_seen = false;
  MessageReader reader(graph_->skeleton(id));
  for (FieldView field; inputs.size() < end && reader.next(field);) {
    if (!field.is_bytes(3)) continue;
    const Bytes text = field.payload;
    const InputName input = parse_input(text);
    const NodeId producer = find_producer(input.node);
    if (producer == kNoNode) {
      throw Error(ErrorKind::malformed, "takes " + quoted(text) + ", which is not in the graph",
                  "inputs that are nodes of the same graph", "was the graph cut apart by a script?");
    }
    if (control_seen && !input.is_control) {
      throw Error(ErrorKind::malformed, "takes " + quoted(text) + " behind a control input",
                  "control inputs after all others, as TensorFlow demands");
    }
    control_seen |= input.is_control;
    inputs.push_back({producer, input.is_control ? kControl : input.output});
  }
}

void GraphBuilder::index_consumers() {
  const std::size_t count = graph_->records_.size();
  std::vector<std::uint32_t>& begin = graph_->consumer_begin_;
  begin.assign(count + 1, 0);
  for (const Edge& edge : graph_->inputs_) ++begin[edge.node + 1];
  for (std::size_t i = 0; i < count; ++i) begin[i + 1] += begin[i];
  graph_->consumers_.resize(graph_->inputs_.size());
  // Filling moves each node's begin to its end; shifted back afterwards.
  for (NodeId id = 0; id < count; ++id) {
    std::uint32_t slot = 0;
    for (const Edge& edge : graph_->inputs(id)) {
      graph_->consumers_[begin[edge.node]++] = {id, edge.is_control() ? kControl : slot};
      if (!edge.is_control()) ++slot;
    }
  }
  for (std::size_t i = count; i > 0; --i) begin[i] = begin[i - 1];
  if (count > 0) begin[0] = 0;
}

}  // namespace thaw::internal
