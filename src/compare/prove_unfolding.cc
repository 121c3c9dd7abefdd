#include "compare/prove_unfolding.h"

#include <algorithm>

#include "compare/compare_values.h"
#include "draft/norm_unfolding.h"
#include "messages/attr_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

[[noreturn]] void fail_unfolding(Bytes node, const std::string& what) {
  throw Error(ErrorKind::bug,
              "unfolding batch norms changed the graph: node " + thaw::quoted(node) + " " + what,
              "the same node, or a norm that leaves every number as it is",
              "nothing was published; please report this with the model");
}

class UnfoldingProver {
 public:
  UnfoldingProver(const Graph& before, const Graph& after)
      : before_(before), after_(after), next_(before.node_count()) {}

  void run() {
    for (NodeId id = 0; id < before_.node_count(); ++id) {
      if (before_.skeleton(id) == after_.skeleton(id)) {
        if (!same_large_tensors(before_, id, after_, id))
          fail_unfolding(before_.name(id), "holds other numbers");
      } else if (is_norm(id)) {
        prove_norm(id);
      } else {
        prove_renamed(id);
      }
    }
    if (next_ != after_.node_count()) fail_unfolding(after_.name(static_cast<NodeId>(next_)), "was added");
  }

 private:
  // It does something else, or what it did with what was added.
  bool is_norm(NodeId id) const {
    const auto inputs = after_.inputs(id);
    return before_.op(id) != after_.op(id) ||
           std::ranges::any_of(inputs, [&](const Edge& input) { return input.node >= before_.node_count(); });
  }

  // A node under the names of the second graph; nodes keep their places.
  NodeDef under_new_names(NodeId id) const {
    NodeDef node = before_.node_def(id);
    node.name = after_.name(id);
    for (std::string& input : node.inputs) {
      const InputName name = parse_input(input);
      const std::string now(after_.name(before_.find(name.node)));
      input = name.is_control ? "^" + now : format_input(now, name.output);
    }
    return node;
  }

  void prove_renamed(NodeId id) const {
    NodeDef was = under_new_names(id), is = after_.node_def(id);
    for (NodeDef* node : {&was, &is}) node->drop_attr("_class");  // follows the names
    const bool same = was.name == is.name && was.op == is.op && was.inputs == is.inputs &&
                      was.device == is.device && was.attrs.size() == is.attrs.size();
    if (!same) fail_unfolding(was.name, "takes or does something else");
    for (const NodeAttr& attr : was.attrs) {
      const NodeAttr* other = is.find_attr(attr.key);
      const bool equal = attr.key == "value" ? same_tensor(before_, id, after_, id, "value")
                                             : other != nullptr && other->value.bytes() == attr.value.bytes();
      if (!equal) fail_unfolding(was.name, "has another " + attr.key);
    }
  }

  // The first of the added nodes is gamma.
  void prove_norm(NodeId id) {
    const NodeDef norm = after_.node_def(id);
    if (next_ >= after_.node_count()) fail_unfolding(norm.name, "has no parameters");
    const auto gamma = static_cast<NodeId>(next_);
    const std::string name(after_.name(gamma));
    const std::optional<TensorHead> head = after_.tensor_head(gamma, "value");
    if (!head || head->shape.rank() != 1 || !name.ends_with("/gamma")) fail_unfolding(name, "was added");
    FoldedNorm folded;
    folded.biased = under_new_names(id);
    folded.dtype = head->dtype;
    folded.channels = head->shape.dims()[0];
    folded.is_image = norm.op.starts_with("FusedBatchNorm");
    const std::string scope = name.substr(0, name.size() - std::string("/gamma").size());
    folded.data_slot = data_slot(folded, norm, scope);
    folded.bias_slot = 1 - folded.data_slot;
    const NormUnfolding expected = unfold_norm(folded, scope);
    if (encoded_node(norm) != encoded_node(expected.norm)) fail_unfolding(norm.name, "does something else");
    for (const NodeDef& node : expected.added) {
      const bool is_there = next_ < after_.node_count();
      if (!is_there || encoded_node(after_.node_def(static_cast<NodeId>(next_))) != encoded_node(node))
        fail_unfolding(node.name, "is not part of the norm");
      ++next_;
    }
  }

  std::size_t data_slot(const FoldedNorm& folded, const NodeDef& norm, const std::string& scope) const {
    const NodeId scaled = folded.is_image ? kNoNode : after_.find(scope + "/batchnorm/mul_1");
    const std::string data =
        folded.is_image || scaled == kNoNode ? norm.inputs.at(0) : after_.node_def(scaled).inputs.at(0);
    const std::vector<std::string>& inputs = folded.biased.inputs;
    if (inputs.size() < 2) fail_unfolding(norm.name, "was no bias");
    return inputs[0] == data ? 0 : 1;
  }

  const Graph& before_;
  const Graph& after_;
  std::size_t next_;
};

}  // namespace

void prove_unfolding(const Graph& before, const Graph& after) {
  if (&before != &after) UnfoldingProver(before, after).run();
}

}  // namespace thaw::internal
