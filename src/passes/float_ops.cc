#include "passes/float_ops.h"

#include "draft/float_form.h"
#include "messages/free_names.h"
#include "passes/float_weights.h"

namespace thaw::internal {

namespace {

class FloatOps {
 public:
  FloatOps(Draft& draft, const QuantizedParts& parts)
      : draft_(draft), parts_(parts), names_(parts.constants.size()) {}

  std::vector<std::string> run() && {
    for (const QuantizedNode& node : parts_.nodes) take_constants(node);
    for (const QuantizedNode& node : parts_.nodes) {
      for (const std::uint32_t slot : node.ranges) unused_.push_back(draft_.inputs_now(node.node)[slot].node);
      if (row_of(node).kind != QuantizedKind::measures) replace(node);
    }
    for (const QuantizedNode& node : parts_.nodes) {
      if (row_of(node).kind == QuantizedKind::measures) unused_.push_back(node.node);
    }
    remove_ranges();
    return std::move(names_);
  }

 private:
  const QuantizedOp& row_of(const QuantizedNode& node) const {
    return *find_quantized_op(draft_.base().op(node.node));
  }

  void take_constants(const QuantizedNode& node) {
    for (const auto& [slot, index] : node.constants) {
      if (names_[index].empty()) add_constant(index);
    }
  }

  void add_constant(std::size_t index) {
    const QuantizedConstant& constant = parts_.constants[index];
    const NodeDef before = draft_.node_def(constant.node);
    NodeDef node = wide_constant(draft_.unique_name(constant.name), constant.weight);
    node.inputs = before.inputs;
    node.device = before.device;
    names_[index] = node.name;
    draft_.add(std::move(node), constant.node, {"Q3", names_[index], "the floats of " + before.name});
    unused_.insert(unused_.end(), constant.beside.begin(), constant.beside.end());
  }

  void replace(const QuantizedNode& node) {
    const NodeDef before = draft_.node_def(node.node);
    FloatWishes wishes{{}, node.ranges, node.limits, ""};
    for (const auto& [slot, index] : node.constants) wishes.constants[slot] = names_[index];
    if (node.limits) wishes.scope = free_scope(before.name + "/range");
    FloatForm form = float_form(before, row_of(node), wishes);
    for (NodeDef& added : form.added) {
      Change change{"Q3", added.name, "an end of the range of " + before.name};
      draft_.add(std::move(added), node.node, std::move(change));
    }
    Change change{"Q3", before.name, before.op + " -> " + form.node.op};
    draft_.replace(node.node, std::move(form.node), std::move(change));
  }

  std::string free_scope(const std::string& wanted) {
    return free_scopes_.next(
        wanted, [this](const std::string& s) { return is_taken(s + "/least") || is_taken(s + "/most"); });
  }

  bool is_taken(const std::string& name) const { return draft_.find(name) != kNoNode; }

  // Nothing takes them any more, and so nothing takes what they take.
  void remove_ranges() {
    for (std::size_t next = 0; next < unused_.size(); ++next) {
      const NodeId id = unused_[next];
      const bool goes =
          !draft_.is_removed(id) && draft_.consumers_now(id).empty() && measures_ranges(draft_.op(id));
      if (!goes) continue;
      const std::vector<Edge> inputs = draft_.inputs(id);
      draft_.remove(id, {"Q4", draft_.name(id), "nothing takes it any more"});
      for (const Edge& input : inputs) unused_.push_back(input.node);
    }
  }

  Draft& draft_;
  FreeNames free_scopes_;
  const QuantizedParts& parts_;
  std::vector<std::string> names_;  // by constant; empty: nothing takes it
  std::vector<NodeId> unused_;
};

}  // namespace

std::vector<std::string> make_float_ops(Draft& draft, const QuantizedParts& parts) {
  return FloatOps(draft, parts).run();
}

}  // namespace thaw::internal
