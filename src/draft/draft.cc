#include "draft/draft.h"

#include <algorithm>

#include "thaw/error.h"

namespace thaw::internal {

Draft::Draft(std::shared_ptr<const Graph> base)
    : base_(std::move(base)), state_(base_->node_count(), kUntouched) {}

const Draft::Edited& Draft::edited(NodeId id) const { return edited_[state_[id]]; }

std::string Draft::name(NodeId id) const {
  if (state_[id] == kUntouched || is_removed(id)) return std::string(base_->name(id));
  return edited(id).node.name;
}

std::string Draft::op(NodeId id) const {
  if (state_[id] == kUntouched || is_removed(id)) return std::string(base_->op(id));
  return edited(id).node.op;
}

NodeId Draft::find(Bytes name) const {
  const auto found = names_.find(std::string(name));
  return found != names_.end() ? found->second : base_->find(name);
}

std::vector<Edge> Draft::inputs(NodeId id) const {
  if (is_removed(id)) return {};
  if (is_touched(id)) return edited(id).inputs;
  const auto inputs = base_->inputs(id);
  return {inputs.begin(), inputs.end()};
}

std::vector<Edge> Draft::consumers(NodeId id) const {
  const auto own = consumers_.find(id);
  if (own != consumers_.end()) return own->second;
  if (is_added(id)) return {};
  const auto shared = base_->consumers(id);
  return {shared.begin(), shared.end()};
}

NodeDef Draft::node_def(NodeId id) const { return is_touched(id) ? edited(id).node : base_->node_def(id); }

std::optional<std::string> Draft::attr(NodeId id, Bytes key) const {
  if (!is_touched(id)) {
    const std::optional<Bytes> value = base_->attr(id, key);
    return value ? std::optional(std::string(*value)) : std::nullopt;
  }
  const NodeAttr* found = edited(id).node.find_attr(key);
  return found == nullptr ? std::nullopt : std::optional(found->value.bytes());
}

std::vector<Edge>& Draft::own_consumers(NodeId producer) {
  const auto [place, is_new] = consumers_.try_emplace(producer);
  if (is_new && !is_added(producer)) {
    const auto shared = base_->consumers(producer);
    place->second.assign(shared.begin(), shared.end());
  }
  return place->second;
}

std::vector<Edge> Draft::resolve(const NodeDef& node) const {
  std::vector<Edge> inputs;
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

void Draft::unlink(NodeId id) {
  for (const Edge& input : inputs(id)) {
    std::erase_if(own_consumers(input.node), [&](const Edge& edge) { return edge.node == id; });
  }
}

void Draft::link(NodeId id, Edited node) {
  std::uint32_t slot = 0;
  for (const Edge& input : node.inputs) {
    own_consumers(input.node).push_back({id, input.is_control() ? kControl : slot});
    if (!input.is_control()) ++slot;
  }
  if (state_[id] == kUntouched) {
    state_[id] = static_cast<std::uint32_t>(edited_.size());
    edited_.push_back(std::move(node));
  } else {
    edited_[state_[id]] = std::move(node);
  }
}

Draft::Edited& Draft::edit(NodeId id) {
  if (!is_touched(id)) {
    state_[id] = static_cast<std::uint32_t>(edited_.size());
    const auto shared = base_->inputs(id);
    edited_.push_back({base_->node_def(id), {shared.begin(), shared.end()}});
  }
  return edited_[state_[id]];
}

void Draft::replace(NodeId id, NodeDef node, Change change) {
  if (node.name != name(id)) throw Error(ErrorKind::bug, "a replaced node changed its name");
  Edited next{std::move(node), {}};
  next.inputs = resolve(next.node);
  unlink(id);
  link(id, std::move(next));
  changes_.push_back(std::move(change));
}

NodeId Draft::add(NodeDef node, NodeId after, Change change) {
  if (find(node.name) != kNoNode)
    throw Error(ErrorKind::bug, "a new node took the name " + thaw::quoted(node.name));
  const auto id = static_cast<NodeId>(id_limit());
  Edited next{std::move(node), {}};
  next.inputs = resolve(next.node);
  names_[next.node.name] = id;
  added_.push_back(after);
  state_.push_back(kUntouched);
  link(id, std::move(next));
  changes_.push_back(std::move(change));
  return id;
}

void Draft::remove(NodeId id, Change change) {
  unlink(id);
  names_[name(id)] = kNoNode;
  state_[id] = kRemoved;
  changes_.push_back(std::move(change));
}

void Draft::redirect(NodeId id, std::uint32_t slot, Edge producer, Change change) {
  Edited& node = edit(id);
  Edge& input = node.inputs[slot];
  std::erase(own_consumers(input.node), Edge{id, slot});
  input = producer;
  node.node.inputs[slot] = format_input(name(producer.node), producer.port);
  own_consumers(producer.node).push_back({id, slot});
  changes_.push_back(std::move(change));
}

void Draft::spell_inputs(NodeId id) {
  Edited& node = edit(id);
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Edge& input = node.inputs[i];
    node.node.inputs[i] =
        input.is_control() ? "^" + name(input.node) : format_input(name(input.node), input.port);
  }
}

// `_class` is a hint by name; a name that is gone would make the import fail.
void Draft::rename_places(const std::unordered_map<std::string, std::string>& renamed) {
  for (NodeId id = 0; id < id_limit(); ++id) {
    const std::optional<std::string> value = is_removed(id) ? std::nullopt : attr(id, "_class");
    if (!value) continue;
    std::vector<std::string> places;
    bool moved = false;
    for (const Bytes place : attr_as_strings(*value)) {
      const auto found =
          place.starts_with("loc:@") ? renamed.find(std::string(place.substr(5))) : renamed.end();
      moved |= found != renamed.end();
      places.push_back(found != renamed.end() ? "loc:@" + found->second : std::string(place));
    }
    if (moved) edit(id).node.set_attr("_class", attr_of_strings(places));
  }
}

void Draft::rename(const std::unordered_map<NodeId, std::string>& names, const std::string& rule) {
  std::unordered_map<std::string, std::string> renamed;
  for (const auto& [id, to] : names) {
    renamed[name(id)] = to;
    names_[name(id)] = kNoNode;
  }
  for (const auto& [id, to] : names) {
    if (find(to) != kNoNode) {
      throw Error(
          ErrorKind::usage,
          "node " + thaw::quoted(name(id)) + " would be called " + thaw::quoted(to) + ", as another node is",
          "names that are free", "choose another with --rename or --scope");
    }
    changes_.push_back({rule, to, "was called " + name(id)});
    edit(id).node.name = to;
    names_[to] = id;
  }
  for (const auto& [id, to] : names) {
    for (const Edge& consumer : consumers(id)) spell_inputs(consumer.node);
  }
  rename_places(renamed);
}

std::string Draft::unique_name(const std::string& wanted) const {
  std::string name = wanted;
  for (int k = 1; find(name) != kNoNode; ++k) name = wanted + "_" + std::to_string(k);
  return name;
}

std::vector<NodeId> Draft::order() const {
  std::unordered_map<NodeId, std::vector<NodeId>> behind;
  for (std::size_t i = 0; i < added_.size(); ++i) {
    behind[added_[i]].push_back(static_cast<NodeId>(base_->node_count() + i));
  }
  std::vector<NodeId> order;
  order.reserve(id_limit());
  const auto emit_behind = [&](NodeId place) {
    const auto found = behind.find(place);
    if (found == behind.end()) return;
    for (const NodeId id : found->second) {
      if (!is_removed(id)) order.push_back(id);
    }
  };
  for (NodeId id = 0; id < base_->node_count(); ++id) {
    if (!is_removed(id)) order.push_back(id);
    emit_behind(id);
  }
  emit_behind(kNoNode);
  return order;
}

// Removing a node takes it out of its producers' consumers: who is left there still takes it.
void Draft::check_edges() const {
  for (NodeId id = 0; id < id_limit(); ++id) {
    const std::vector<Edge> left = is_removed(id) ? consumers(id) : std::vector<Edge>{};
    if (left.empty()) continue;
    throw Error(ErrorKind::bug, "node " + thaw::quoted(name(left[0].node)) + " takes a removed node");
  }
}

Recipe Draft::emit() const {
  check_edges();
  Recipe graph;
  for (const NodeId id : order()) {
    if (!is_touched(id)) {
      graph.add(base_->source(), base_->field(id));
      continue;
    }
    bool control_seen = false;
    for (const Edge& input : edited(id).inputs) {
      if (control_seen && !input.is_control()) {
        throw Error(ErrorKind::bug, "node " + thaw::quoted(name(id)) + " has data behind control inputs");
      }
      control_seen |= input.is_control();
    }
    graph.add(encode_graph_node(edited(id).node));
  }
  graph.add(base_->rest());
  return graph;
}

}  // namespace thaw::internal
