#include "draft/draft.h"

#include <algorithm>

#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kLongestName = 0xFFFF;
constexpr std::size_t kUsualNode = 256;

}  // namespace

Draft::Draft(std::shared_ptr<const Graph> base)
    : base_(std::move(base)),
      arena_(std::make_shared<Arena>()),
      state_(base_->node_count(), kUntouched),
      removed_(base_->node_count()),
      changed_(base_->node_count(), kUntouched) {}

Bytes Draft::name_view(NodeId id) const {
  return state_[id] == kUntouched ? base_->name(id) : edited(id).name();
}

Bytes Draft::op(NodeId id) const { return state_[id] == kUntouched ? base_->op(id) : edited(id).op(); }

std::uint32_t Draft::find_name(Bytes name, std::uint64_t hash) const {
  return by_name_.find(name, hash, [this](std::uint32_t index) { return names_[index].text; });
}

NodeId Draft::find(Bytes name) const {
  const std::uint64_t hash = hash_of(name);
  const std::uint32_t own = find_name(name, hash);
  return own != NameTable::kNone ? names_[own].id : base_->find_hashed(name, hash);
}

// `name` must live as long as the draft.
void Draft::set_name(Bytes name, NodeId id) {
  const std::uint64_t hash = hash_of(name);
  const std::uint32_t known = find_name(name, hash);
  if (known != NameTable::kNone) {
    names_[known].id = id;
    return;
  }
  by_name_.add(hash, static_cast<std::uint32_t>(names_.size()));
  names_.push_back({name, id});
}

std::span<const Edge> Draft::inputs_now(NodeId id) const {
  if (is_removed(id)) return {};
  return state_[id] == kUntouched ? base_->inputs(id) : edited(id).edges();
}

std::span<const Edge> Draft::consumers_now(NodeId id) const {
  if (changed_[id] != kUntouched) return consumers_[changed_[id]];
  return is_added(id) ? std::span<const Edge>() : base_->consumers(id);
}

std::vector<Edge> Draft::consumers_of(Edge producer) const {
  std::vector<Edge> found;
  for (const Edge& consumer : consumers_now(producer.node)) {
    const bool same = consumer.is_control() ? producer.is_control()
                                            : inputs_now(consumer.node)[consumer.port].port == producer.port;
    if (same) found.push_back(consumer);
  }
  return found;
}

std::vector<Edge> Draft::inputs(NodeId id) const {
  const auto inputs = inputs_now(id);
  return {inputs.begin(), inputs.end()};
}

std::vector<Edge> Draft::consumers(NodeId id) const {
  const auto consumers = consumers_now(id);
  return {consumers.begin(), consumers.end()};
}

const NodeDef* Draft::find_large(NodeId id) const {
  const auto found = large_.find(id);
  return found == large_.end() ? nullptr : found->second.get();
}

NodeDef Draft::node_def(NodeId id) const {
  if (state_[id] == kUntouched) return base_->node_def(id);
  const NodeDef* large = find_large(id);
  return large != nullptr ? *large : decode_node(edited(id).node());
}

std::optional<std::string> Draft::attr(NodeId id, Bytes key) const {
  if (const NodeDef* large = find_large(id)) {
    const NodeAttr* found = large->find_attr(key);
    return found == nullptr ? std::nullopt : std::optional(found->value.bytes());
  }
  const std::optional<Bytes> value =
      state_[id] == kUntouched ? base_->attr(id, key) : find_attr(edited(id).node(), key);
  return value ? std::optional(std::string(*value)) : std::nullopt;
}

std::optional<DType> Draft::type_attr(NodeId id, Bytes key) const {
  const std::optional<std::string> value = attr(id, key);
  return value ? attr_as_type(*value) : std::nullopt;
}

std::vector<Edge>& Draft::own_consumers(NodeId producer) {
  if (changed_[producer] == kUntouched) {
    const auto shared = consumers_now(producer);
    changed_[producer] = static_cast<std::uint32_t>(consumers_.size());
    consumers_.emplace_back(shared.begin(), shared.end());
  }
  return consumers_[changed_[producer]];
}

std::vector<Edge> Draft::resolve(const NodeDef& node) const {
  std::vector<Edge> inputs;
  inputs.reserve(node.inputs.size());
  for (const std::string& text : node.inputs) {
    const InputName input = parse_input(text);
    const NodeId producer = find(input.node);
    if (producer == kNoNode || is_removed(producer)) {
      throw Error(ErrorKind::bug, "node " + thaw::quoted(node.name) + " was given input " +
                                      thaw::quoted(text) + ", which does not exist");
    }
    inputs.push_back({producer, input.is_control ? kControl : input.output});
  }
  return inputs;
}

// From the back: who removes many nodes does so from the last one on, and finds each at once.
void Draft::unlink(NodeId id) {
  std::uint32_t slot = 0;
  for (const Edge& input : inputs_now(id)) {
    std::vector<Edge>& consumers = own_consumers(input.node);
    const Edge own{id, input.is_control() ? kControl : slot++};
    const auto found = std::find(consumers.rbegin(), consumers.rend(), own);
    if (found != consumers.rend()) consumers.erase(std::next(found).base());
  }
}

void Draft::link(NodeId id) {
  std::uint32_t slot = 0;
  for (const Edge& input : inputs_now(id)) {
    own_consumers(input.node).push_back({id, input.is_control() ? kControl : slot});
    if (!input.is_control()) ++slot;
  }
}

std::span<const Edge> Draft::keep_edges(std::span<const Edge> edges) {
  const auto bytes = std::as_bytes(edges);
  const Bytes kept =
      arena_->keep_aligned({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, alignof(Edge));
  return {reinterpret_cast<const Edge*>(kept.data()), edges.size()};
}

void Draft::store(NodeId id, NodeDef node, std::span<const Edge> inputs) {
  if (std::max(node.name.size(), node.op.size()) > kLongestName) {
    throw Error(ErrorKind::usage, "a name of " + std::to_string(node.name.size()) + " bytes",
                "at most " + std::to_string(kLongestName));
  }
  std::string bytes, field_header;
  bytes.reserve(kUsualNode);
  const bool is_large = !encode_in_memory(node, bytes);
  append_header(field_header, 1, bytes.size());
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const std::span<const Edge> edges = keep_edges(inputs);
  const auto header = [](std::size_t text) { return static_cast<std::uint8_t>(1 + varint_size(text)); };
  const Edited edited{arena_->keep(bytes.insert(0, field_header)).data() + field_header.size(),
                      edges.data(),
                      size,
                      static_cast<std::uint32_t>(edges.size()),
                      static_cast<std::uint16_t>(node.name.size()),
                      static_cast<std::uint16_t>(node.op.size()),
                      header(node.name.size()),
                      header(node.op.size()),
                      static_cast<std::uint8_t>(field_header.size())};
  if (state_[id] == kUntouched) {
    state_[id] = static_cast<std::uint32_t>(edited_.size());
    edited_.push_back(edited);
  } else {
    edited_[state_[id]] = edited;
  }
  large_.erase(id);
  if (is_large) large_.emplace(id, std::make_shared<const NodeDef>(std::move(node)));
}

Bytes Draft::intern(Bytes word) {
  const auto known = words_.find(word);
  return known != words_.end() ? *known : *words_.insert(arena_->keep(word)).first;
}

// Most edits name the node they touch, whose name is held already.
void Draft::note(const Change& change, Bytes name) {
  changes_.push_back(
      {intern(change.rule), change.node == name ? name : intern(change.node), intern(change.what)});
}

void Draft::replace(NodeId id, NodeDef node, Change change) {
  if (node.name != name_view(id)) throw Error(ErrorKind::bug, "a replaced node changed its name");
  const std::vector<Edge> inputs = resolve(node);
  unlink(id);
  store(id, std::move(node), inputs);
  link(id);
  note(change, name_view(id));
}

NodeId Draft::add(NodeDef node, NodeId after, Change change) {
  if (find(node.name) != kNoNode)
    throw Error(ErrorKind::bug, "a new node took the name " + thaw::quoted(node.name));
  const std::vector<Edge> inputs = resolve(node);
  const auto id = static_cast<NodeId>(id_limit());
  const bool behind_new = after != kNoNode && is_added(after);
  added_.push_back(behind_new ? added_[after - base_->node_count()] : after);
  state_.push_back(kUntouched);
  removed_.push_back(false);
  changed_.push_back(kUntouched);
  store(id, std::move(node), inputs);
  link(id);
  set_name(name_view(id), id);
  note(change, name_view(id));
  return id;
}

void Draft::remove(NodeId id, Change change) {
  unlink(id);
  set_name(name_view(id), kNoNode);
  removed_[id] = true;
  note(change, name_view(id));
}

std::string Draft::unique_name(const std::string& wanted) const {
  return free_names_.next(wanted, [this](const std::string& name) { return find(name) != kNoNode; });
}

std::vector<NodeId> Draft::order() const {
  const auto first_added = static_cast<NodeId>(base_->node_count());
  const auto limit = static_cast<NodeId>(id_limit());
  std::vector<std::pair<NodeId, NodeId>> behind;  // {place, new node}
  for (NodeId id = first_added; id < limit; ++id) {
    const NodeId place = added_[id - first_added];
    if (place != kNoNode && !is_removed(id)) behind.emplace_back(place, id);
  }
  std::ranges::sort(behind);
  std::vector<NodeId> order;
  order.reserve(id_limit());
  auto next = behind.begin();
  for (NodeId id = 0; id < first_added; ++id) {
    if (!is_removed(id)) order.push_back(id);
    for (; next != behind.end() && next->first == id; ++next) order.push_back(next->second);
  }
  for (NodeId id = first_added; id < limit; ++id) {
    if (added_[id - first_added] == kNoNode && !is_removed(id)) order.push_back(id);
  }
  return order;
}

// Removing a node takes it out of its producers' consumers: who is left there still takes it.
void Draft::check_edges() const {
  for (NodeId id = 0; id < id_limit(); ++id) {
    if (!is_removed(id) || consumers_now(id).empty()) continue;
    const NodeId taker = consumers_now(id).front().node;
    throw Error(ErrorKind::bug, "node " + thaw::quoted(name_view(taker)) + " takes a removed node");
  }
}

Recipe Draft::emit() const {
  check_edges();
  Recipe graph;
  for (const NodeId id : order()) {
    if (state_[id] == kUntouched) {
      graph.add(base_->source(), base_->field(id));
      continue;
    }
    const auto edges = edited(id).edges();
    if (!std::ranges::is_partitioned(edges, [](const Edge& edge) { return !edge.is_control(); })) {
      throw Error(ErrorKind::bug, "node " + thaw::quoted(name_view(id)) + " has data behind control inputs");
    }
    if (const NodeDef* large = find_large(id)) {
      graph.add(encode_graph_node(*large));
      continue;
    }
    graph.add(arena_, edited(id).field());
  }
  graph.add(rest_ ? *rest_ : base_->rest());
  return graph;
}

}  // namespace thaw::internal
