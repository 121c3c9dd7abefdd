#include "compare/prove_floats.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "compare/compare_values.h"
#include "draft/float_form.h"
#include "messages/attr_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kBeginning = 64 << 10;

std::string beginning(const Value& value) {
  std::string bytes(static_cast<std::size_t>(std::min(value.byte_size(), kBeginning)), '\0');
  value.open()->read(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

class FloatProver {
 public:
  FloatProver(const Graph& before, const Graph& after, const std::vector<CompactWeight>& weights,
              const QuantizedParts& parts)
      : was_(before), is_(after), parts_(parts) {
    for (const CompactWeight& weight : weights) {
      weights_.emplace(weight.node, &weight);
      for (const NodeId cast : weight.casts) casts_.emplace(cast, &weight);
    }
    for (const QuantizedNode& node : parts.nodes) nodes_.emplace(node.node, &node);
  }

  void run() {
    for (NodeId id = 0; id < was_.node_count(); ++id) {
      const NodeId now = is_.find(was_.name(id));
      if (now == kNoNode) {
        if (!measures_ranges(was_.op(id))) fail(was_.name(id), "is gone");
      } else {
        compare(id, now);
        explained_.insert(now);
      }
    }
    for (NodeId id = 0; id < is_.node_count(); ++id) {
      if (!explained_.contains(id)) fail(is_.name(id), "was added");
    }
  }

 private:
  void compare(NodeId id, NodeId now) {
    if (const auto weight = weights_.find(id); weight != weights_.end())
      return compare_constant(*weight->second, now);
    if (const auto cast = casts_.find(id); cast != casts_.end()) return compare_cast(id, now, *cast->second);
    if (const auto node = nodes_.find(id); node != nodes_.end()) return compare_float(*node->second, now);
    const bool same = was_.skeleton(id) == is_.skeleton(now) && same_large_tensors(was_, id, is_, now);
    if (!same) fail(was_.name(id), "was changed");
  }

  void compare_constant(const CompactWeight& weight, NodeId now) {
    const bool is_constant = is_.op(now) == "Const" && data_input_count(is_.inputs(now)) == 0;
    if (!is_constant) fail(is_.name(now), "is no constant");
    const Value value = is_.tensor(now, "value").value;
    if (value.dtype() != weight.value.dtype() || value.shape() != weight.value.shape())
      fail(is_.name(now), "has another type or shape");
    if (beginning(value) != beginning(weight.value)) fail(is_.name(now), "holds other numbers");
  }

  void compare_cast(NodeId id, NodeId now, const CompactWeight& weight) {
    NodeDef expected = was_.node_def(id);
    expected.op = "Identity";
    for (const Bytes key : {"SrcT", "DstT", "Truncate"}) expected.drop_attr(key);
    expected.set_attr("T", attr_of_type(weight.value.dtype()));
    if (encoded_node(expected) != encoded_node(is_.node_def(now))) fail(was_.name(id), "is no Identity");
  }

  // Names of new nodes are told by those who take them.
  void compare_float(const QuantizedNode& node, NodeId now) {
    const NodeDef before = was_.node_def(node.node), after = is_.node_def(now);
    const QuantizedOp* row = find_quantized_op(before.op);
    FloatWishes wishes{{}, node.ranges, node.limits, ""};
    std::size_t place = 0;
    for (std::uint32_t slot = 0; slot < data_input_count(before); ++slot) {
      if (std::ranges::find(node.ranges, slot) != node.ranges.end()) continue;
      const auto constant = node.constants.find(slot);
      if (constant != node.constants.end() && place < after.inputs.size()) {
        wishes.constants[slot] = after.inputs[place];
        compare_added(parts_.constants[constant->second].weight, after.inputs[place]);
      }
      ++place;
    }
    if (node.limits && place < after.inputs.size())
      wishes.scope = after.inputs[place].substr(0, after.inputs[place].rfind('/'));
    const FloatForm expected = float_form(before, *row, wishes);
    if (encoded_node(expected.node) != encoded_node(after))
      fail(after.name, "is another operation on floats");
    for (const NodeDef& added : expected.added) compare_end(added);
  }

  NodeId find_added(const std::string& name) {
    const NodeId id = is_.find(name);
    if (id == kNoNode || was_.find(name) != kNoNode) fail(name, "is not there, or was there before");
    explained_.insert(id);
    return id;
  }

  void compare_added(const CompactWeight& weight, const std::string& name) {
    compare_constant(weight, find_added(name));
  }

  void compare_end(const NodeDef& expected) {
    if (encoded_node(is_.node_def(find_added(expected.name))) != encoded_node(expected))
      fail(expected.name, "is another end of a range");
  }

  [[noreturn]] static void fail(Bytes node, const std::string& what) {
    throw Error(ErrorKind::bug,
                "computing with floats changed the graph: node " + thaw::quoted(node) + " " + what,
                "the same node, or what it stands for in floats",
                "nothing was published; please report this with the model");
  }

  const Graph& was_;
  const Graph& is_;
  const QuantizedParts& parts_;
  std::unordered_map<NodeId, const CompactWeight*> weights_, casts_;
  std::unordered_map<NodeId, const QuantizedNode*> nodes_;
  std::unordered_set<NodeId> explained_;
};

}  // namespace

void prove_floats(const Graph& before, const Graph& after, const std::vector<CompactWeight>& weights,
                  const QuantizedParts& parts) {
  FloatProver(before, after, weights, parts).run();
}

}  // namespace thaw::internal
