#include "model/graph_builder.h"

#include <algorithm>
#include <bit>

#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kInlineTensor = 256;
// At most what a window reads at least, so that no weight is read on the way.
constexpr std::uint64_t kSmallNode = 4096;
// Names, operations and attributes without their tensors; far above anything real.
constexpr std::uint64_t kSkeletonLimit = 1u << 30;

void append_field(std::string& out, const Field& field, Window& window) {
  const std::uint64_t end = field.end(window);
  const std::uint64_t size = end - field.begin;
  if (size > kSkeletonLimit)
    throw Error(ErrorKind::unsupported, "an attribute of " + std::to_string(size) + " bytes", "below 1 GiB");
  const std::size_t at = out.size();
  out.resize(at + static_cast<std::size_t>(size));
  window.seek(field.begin);
  window.copy(size, out.data() + at);
}

// Not so when an attribute may hold a large tensor; nor when it is malformed, for the way that tells where.
bool is_kept_whole(Bytes node) {
  try {
    MessageReader reader(node);
    for (FieldView part; reader.next(part);) {
      if (part.is_bytes(5) && part.payload.size() > kInlineTensor) return false;
    }
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::size_t bucket_of(Bytes name, std::size_t mask) { return std::hash<Bytes>{}(name)&mask; }

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
  NodeRecord record;
  record.field = {field.begin, field.payload.at + field.payload.size - field.begin};
  const auto id = static_cast<NodeId>(graph_->records_.size());
  if (id == kNoNode) throw Error(ErrorKind::unsupported, "a graph of more than 2^32 nodes");
  std::vector<Cut> cuts;
  scratch_.clear();
  try {
    if (!copy_small(field, window)) copy_and_cut(field, window, cuts);
    index_parts(record);
  } catch (Error& error) {
    const Bytes name = Bytes(scratch_).substr(record.name_at, record.name_size);
    throw error.at("node " + (name.empty() ? "number " + std::to_string(id) : quoted(name)));
  }
  if (record.name_size == 0 || record.op_size == 0) {
    throw Error(ErrorKind::malformed,
                "node number " + std::to_string(id) + " at byte " + std::to_string(field.begin) + " has no " +
                    (record.name_size == 0 ? "name" : "op"),
                "NodeDef.name and NodeDef.op", "is this a TensorFlow graph?");
  }
  record.skeleton = graph_->arena_.keep(scratch_).data();
  for (Cut& cut : cuts) {
    cut.node = id;
    graph_->cuts_.push_back(cut);
  }
  graph_->records_.push_back(record);
}

// Most nodes are small and have no tensor worth leaving out: those are copied as they are.
bool GraphBuilder::copy_small(const Field& field, Window& window) {
  if (field.payload.size > kSmallNode) return false;
  if (window.at() != field.payload.at) window.seek(field.payload.at);
  const auto size = static_cast<std::size_t>(field.payload.size);
  const Bytes node = window.peek(size).substr(0, size);
  if (!is_kept_whole(node)) return false;
  scratch_.assign(node);
  window.advance(size);
  return true;
}

void GraphBuilder::copy_and_cut(const Field& field, Window& window, std::vector<Cut>& cuts) {
  Walk walk(window, field.payload);
  for (Field part; walk.next(part);) {
    if (part.is_bytes(5)) {
      add_attr(part, window, cuts);
    } else {
      append_field(scratch_, part, window);
    }
  }
}

// Where the name and the op are, and how many inputs there are.
void GraphBuilder::index_parts(NodeRecord& record) {
  MessageReader reader(scratch_);
  const auto place = [&](Bytes part) { return static_cast<std::uint32_t>(part.data() - scratch_.data()); };
  for (FieldView part; reader.next(part);) {
    const auto size = static_cast<std::uint32_t>(part.payload.size());
    if (part.is_bytes(1)) record.name_at = place(part.payload), record.name_size = size;
    if (part.is_bytes(2)) record.op_at = place(part.payload), record.op_size = size;
    if (part.is_bytes(3)) ++input_count_;
  }
  record.skeleton_size = static_cast<std::uint32_t>(scratch_.size());
}

void GraphBuilder::add_attr(const Field& field, Window& window, std::vector<Cut>& cuts) {
  if (field.payload.size <= kInlineTensor || !cut_tensor(field, window, cuts))
    append_field(scratch_, field, window);
}

// A map entry {1 key, 2 AttrValue}; replaced by one whose tensor has only dtype and shape when that tensor is
// large.
bool GraphBuilder::cut_tensor(const Field& field, Window& window, std::vector<Cut>& cuts) {
  Range value, tensor;
  std::string key;
  Walk entry(window, field.payload);
  for (Field part; entry.next(part);) {
    if (part.is_bytes(1)) key = read_payload(window, part.payload, kSkeletonLimit);
    if (part.is_bytes(2)) value = part.payload;
  }
  std::size_t members = 0;
  Walk attr(window, value);
  for (Field part; attr.next(part); ++members) {
    if (part.is_bytes(8)) tensor = part.payload;
  }
  if (tensor.size <= kInlineTensor) return false;
  if (members != 1)
    throw Error(ErrorKind::malformed, "attribute " + thaw::quoted(key) + " has several values",
                "one of AttrValue's members");

  std::string head;
  Walk walk(window, tensor);
  for (Field part; walk.next(part);) {
    if (part.number == 1 || part.number == 2) append_field(head, part, window);
  }
  std::string small;
  MessageWriter(small).bytes(1, key).bytes(2, attr_of_tensor(head));
  MessageWriter(scratch_).bytes(5, small);
  cuts.push_back({kNoNode, graph_->arena_.keep(key), tensor});
  return true;
}

std::shared_ptr<const Graph> GraphBuilder::finish() {
  graph_->records_.shrink_to_fit();
  index_names();
  resolve_inputs();
  index_consumers();
  return graph_;
}

void GraphBuilder::index_names() {
  const std::size_t count = graph_->records_.size();
  const std::size_t buckets = std::bit_ceil(std::max<std::size_t>(count + count / 3, 4));
  graph_->by_name_.assign(buckets, kNoNode);
  for (NodeId id = 0; id < count; ++id) {
    const Bytes name = graph_->name(id);
    std::size_t bucket = bucket_of(name, buckets - 1);
    for (; graph_->by_name_[bucket] != kNoNode; bucket = (bucket + 1) & (buckets - 1)) {
      if (graph_->name(graph_->by_name_[bucket]) != name) continue;
      throw Error(ErrorKind::malformed, "two nodes are called " + quoted(name), "names that are used once");
    }
    graph_->by_name_[bucket] = id;
  }
}

void GraphBuilder::resolve_inputs() {
  std::vector<Edge>& inputs = graph_->inputs_;
  inputs.reserve(input_count_);
  for (NodeId id = 0; id < graph_->records_.size(); ++id) {
    graph_->records_[id].first_input = static_cast<std::uint32_t>(inputs.size());
    MessageReader reader(graph_->skeleton(id));
    for (FieldView field; reader.next(field);) {
      if (!field.is_bytes(3)) continue;
      const Bytes text = field.payload;
      try {
        const InputName input = parse_input(text);
        const NodeId producer = graph_->find(input.node);
        if (producer == kNoNode) {
          throw Error(ErrorKind::malformed, "takes " + quoted(text) + ", which is not in the graph",
                      "inputs that are nodes of the same graph", "was the graph cut apart by a script?");
        }
        inputs.push_back({producer, input.is_control ? kControl : input.output});
      } catch (Error& error) {
        throw error.at("node " + quoted(graph_->name(id)));
      }
    }
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
