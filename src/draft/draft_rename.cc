#include "draft/draft.h"
#include "messages/attr_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

Bytes colocated_with(Bytes place) { return place.starts_with("loc:@") ? place.substr(5) : Bytes(); }

}  // namespace

void Draft::rename(const std::unordered_map<NodeId, std::string>& names, const std::string& rule) {
  if (names.empty()) return;
  const std::vector<NodeId> affected = affected_by(names);
  // The old names stay readable while the nodes are respelled: they are views of what is never changed.
  for (const auto& [id, to] : names) set_name(name_view(id), kNoNode);
  take_names(names);
  for (const auto& [id, to] : names) note({rule, to, "was called " + name(id)}, "");
  std::unordered_map<Bytes, Bytes> moved;
  for (const auto& [id, to] : names) moved.emplace(name_view(id), to);
  for (const NodeId id : affected) respell(id, names, moved);
}

void Draft::take_names(const std::unordered_map<NodeId, std::string>& names) {
  for (const auto& [id, to] : names) {
    if (find(to) != kNoNode) {
      throw Error(ErrorKind::usage,
                  "node " + thaw::quoted(name_view(id)) + " would be called " + thaw::quoted(to) +
                      ", as another node is",
                  "names that are free", "choose another with --rename or --scope");
    }
    set_name(arena_->keep(to), id);
  }
}

// Those that are renamed, that take them, or that are colocated with them: `_class` is a hint by name, and a
// name that is gone would make the import fail.
std::vector<NodeId> Draft::affected_by(const std::unordered_map<NodeId, std::string>& names) const {
  std::unordered_set<Bytes> old_names;
  for (const auto& [id, to] : names) old_names.insert(name_view(id));
  std::vector<NodeId> affected;
  for (NodeId id = 0; id < id_limit(); ++id) {
    if (is_removed(id)) continue;
    bool is_affected = names.contains(id);
    for (const Edge& input : inputs_now(id)) is_affected |= names.contains(input.node);
    if (!is_affected) {
      const std::optional<std::string> places = attr(id, "_class");
      for (const Bytes place : places ? attr_as_strings(*places) : std::vector<Bytes>{})
        is_affected |= old_names.contains(colocated_with(place));
    }
    if (is_affected) affected.push_back(id);
  }
  return affected;
}

void Draft::respell(NodeId id, const std::unordered_map<NodeId, std::string>& names,
                    const std::unordered_map<Bytes, Bytes>& moved) {
  NodeDef node = node_def(id);
  const std::vector<Edge> edges = inputs(id);
  const auto name_of = [&](NodeId any) -> Bytes {
    const auto found = names.find(any);
    return found != names.end() ? Bytes(found->second) : name_view(any);
  };
  node.name = name_of(id);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const Bytes producer = name_of(edges[i].node);
    node.inputs[i] =
        edges[i].is_control() ? "^" + std::string(producer) : format_input(producer, edges[i].port);
  }
  if (const NodeAttr* attr = node.find_attr("_class")) {
    const std::string value = attr->value.bytes();
    std::vector<std::string> places;
    bool is_moved = false;
    for (const Bytes place : attr_as_strings(value)) {
      const auto found = moved.find(colocated_with(place));
      is_moved |= found != moved.end();
      places.push_back(found != moved.end() ? "loc:@" + std::string(found->second) : std::string(place));
    }
    if (is_moved) node.set_attr("_class", attr_of_strings(places));
  }
  store(id, std::move(node), edges);
}

}  // namespace thaw::internal
