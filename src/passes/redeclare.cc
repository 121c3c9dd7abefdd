#include "passes/redeclare.h"

#include <charconv>

#include "names/pattern.h"
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
  return Shape(std::move(parsed));
}

NodeId find_placeholder(const Draft& draft, const std::string& word, Bytes name) {
  const NodeId id = draft.find(without_output(name));
  if (id != kNoNode && draft.op(id).starts_with("Placeholder")) return id;
  std::vector<Bytes> names;
  for (NodeId node = 0; node < draft.base().node_count(); ++node) {
    if (draft.base().op(node).starts_with("Placeholder")) names.push_back(draft.base().name(node));
  }
  if (name.empty()) refuse(word);
  throw no_match_error("--input", Pattern(name), names);
}

}  // namespace

std::set<NodeId> redeclare_inputs(Draft& draft, const std::vector<std::string>& words) {
  std::set<NodeId> changed;
  for (const std::string& word : words) {
    const std::size_t open = word.find('[');
    if (open == std::string::npos || !word.ends_with(']')) refuse(word);
    const Shape shape = parse_shape(word, Bytes(word).substr(open + 1, word.size() - open - 2));
    const NodeId id = find_placeholder(draft, word, Bytes(word).substr(0, open));
    NodeDef node = draft.node_def(id);
    node.set_attr("shape", attr_of_shape(encode_shape(shape)));
    node.drop_attr("_output_shapes");
    Change change{"I1", node.name, "shape " + shape.to_string()};
    draft.replace(id, std::move(node), std::move(change));
    changed.insert(id);
  }
  return changed;
}

}  // namespace thaw::internal
