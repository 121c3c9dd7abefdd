#include "passes/redeclare.h"

#include <charconv>

#include "names/pattern.h"
#include "passes/shape_inference.h"
#include "tensor/shape.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

[[noreturn]] void refuse(const std::string& word) {
  throw Error(ErrorKind::usage, "--input " + thaw::quoted(word),
              "a placeholder and its shape, such as 'x:0[?,16]'", "use ? for a dimension that is free");
}

Shape parse_shape(const std::string& word, Bytes dims) {
  if (dims.empty()) return Shape();
  std::vector<std::int64_t> parsed;
  for (std::size_t at = 0; at <= dims.size();) {
    const std::size_t comma = std::min(dims.find(',', at), dims.size());
    Bytes dim = dims.substr(at, comma - at);
    while (dim.starts_with(' ')) dim.remove_prefix(1);
    while (dim.ends_with(' ')) dim.remove_suffix(1);
    std::int64_t size = -1;
    if (dim != "?" && dim != "-1" && dim != "None") {
      const auto result = std::from_chars(dim.data(), dim.data() + dim.size(), size);
      if (dim.empty() || result.ec != std::errc() || result.ptr != dim.data() + dim.size() || size < 0)
        refuse(word);
    }
    parsed.push_back(size);
    at = comma + 1;
  }
  if (parsed.size() > kHighestRank) refuse(word);
  return Shape(std::move(parsed));
}

NodeId find_placeholder(const Draft& draft, const std::string& word, Bytes name) {
  const Bytes plain = without_output(name);
  if (plain != name && name.substr(plain.size()) != ":0") {
    throw Error(ErrorKind::usage, "--input " + thaw::quoted(word) + ": a placeholder has output 0 only",
                "the placeholder's name, with :0 or without",
                "write " + thaw::quoted(plain) + " and its shape");
  }
  const NodeId id = draft.find(plain);
  if (id != kNoNode && draft.op(id).starts_with("Placeholder")) return id;
  std::vector<Bytes> names;
  for (NodeId node = 0; node < draft.base().node_count(); ++node) {
    if (draft.base().op(node).starts_with("Placeholder")) names.push_back(draft.base().name(node));
  }
  if (name.empty()) refuse(word);
  throw no_match_error("--input", Pattern(name), names);
}

std::string old_shapes(const Draft& draft, const DeclaredShapes& declared) {
  std::string text;
  for (const auto& [id, shape] : declared) {
    const std::optional<std::string> attr = draft.attr(id, "shape");
    const AttrView view = attr ? view_attr(*attr) : AttrView{};
    const Shape was = view.kind == AttrKind::shape ? decode_shape(view.payload) : Shape::of_unknown_rank();
    text += (text.empty() ? "" : ", ") + thaw::quoted(draft.name(id)) + " at " + was.to_string();
  }
  return text;
}

// The first node that took the old shapes and cannot take the new ones.
void check_fit(const Draft& draft, const DeclaredShapes& declared, const std::vector<std::string>& words) {
  const Graph& graph = draft.base();
  std::set<NodeId> before;
  for (const ShapeClash& clash : infer_shapes(graph, {}).clashes) before.insert(clash.node);
  for (const ShapeClash& clash : infer_shapes(graph, declared).clashes) {
    if (before.contains(clash.node) || draft.is_removed(clash.node)) continue;
    std::string given;
    for (const std::string& word : words) given += (given.empty() ? "--input " : ", ") + thaw::quoted(word);
    std::string node =
        thaw::quoted(graph.name(clash.node)) + " (" + thaw::escaped(graph.op(clash.node)) + ")";
    throw Error(ErrorKind::usage, given + " does not fit node " + node + ", which would get " + clash.got,
                clash.expected,
                "leave " + old_shapes(draft, declared) + ", or use ? for the dimension that is to differ");
  }
}

// What depends on these nodes, over data edges; they themselves are not among it.
std::vector<NodeId> downstream_of(const Graph& graph, const std::set<NodeId>& sources) {
  std::vector<bool> seen(graph.node_count());
  std::vector<NodeId> found(sources.begin(), sources.end());
  for (const NodeId id : found) seen[id] = true;
  for (std::size_t at = 0; at < found.size(); ++at) {
    for (const Edge& consumer : graph.consumers(found[at])) {
      if (consumer.is_control() || seen[consumer.node]) continue;
      seen[consumer.node] = true;
      found.push_back(consumer.node);
    }
  }
  found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(sources.size()));
  return found;
}

void drop_output_shapes(Draft& draft, const std::set<NodeId>& changed) {
  for (const NodeId id : downstream_of(draft.base(), changed)) {
    if (draft.is_removed(id) || !draft.attr(id, "_output_shapes")) continue;
    NodeDef node = draft.node_def(id);
    node.drop_attr("_output_shapes");
    Change change{"I2", node.name, "_output_shapes dropped: an input was declared anew"};
    draft.replace(id, std::move(node), std::move(change));
  }
}

}  // namespace

DeclaredShapes declared_shapes(const Draft& draft, const std::vector<std::string>& words) {
  DeclaredShapes declared;
  for (const std::string& word : words) {
    const std::size_t open = word.find('[');
    if (open == std::string::npos || !word.ends_with(']')) refuse(word);
    Shape shape = parse_shape(word, Bytes(word).substr(open + 1, word.size() - open - 2));
    const NodeId id = find_placeholder(draft, word, Bytes(word).substr(0, open));
    if (!declared.emplace(id, std::move(shape)).second) {
      throw Error(ErrorKind::usage,
                  "--input " + thaw::quoted(word) + " declares its placeholder a second time",
                  "one shape for each", "leave all but one of them out");
    }
  }
  return declared;
}

std::set<NodeId> redeclare_inputs(Draft& draft, const std::vector<std::string>& words) {
  const DeclaredShapes declared = declared_shapes(draft, words);
  if (declared.empty()) return {};
  check_fit(draft, declared, words);
  std::set<NodeId> changed;
  for (const auto& [id, shape] : declared) {
    NodeDef node = draft.node_def(id);
    node.set_attr("shape", attr_of_shape(encode_shape(shape)));
    node.drop_attr("_output_shapes");
    Change change{"I1", node.name, "shape " + shape.to_string()};
    draft.replace(id, std::move(node), std::move(change));
    changed.insert(id);
  }
  drop_output_shapes(draft, changed);
  return changed;
}

}  // namespace thaw::internal
