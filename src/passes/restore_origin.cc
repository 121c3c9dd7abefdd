#include "passes/restore_origin.h"

#include <algorithm>
#include <unordered_set>

#include "model/model.h"
#include "passes/frozen_node.h"
#include "passes/tensor_attr.h"
#include "thaw/error.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

// Of constants that are used as a shape or size.
bool same_small(const Value& a, const Value& b) {
  constexpr std::uint64_t kMost = 1 << 20;
  const bool alike = a.dtype() == b.dtype() && a.shape() == b.shape() && a.dtype() != DType::string;
  return alike && a.byte_size() <= kMost && a.bytes() == b.bytes();
}

class OriginRestorer {
 public:
  OriginRestorer(Draft& draft, const OriginRecord& origin, const ValueOf& value_of)
      : draft_(draft), origin_(origin), value_of_(value_of), present_(draft.base()), functions_(present_) {}

  std::string run() {
    check();
    if (!why_not_.empty()) return why_not_;
    find_split_values();
    for (const OriginNode& node : origin_.nodes) {
      if (!takes_split(node)) restore(node);
    }
    for (const OriginNode& node : origin_.nodes) freeze_inputs(draft_.find(node.node.name));
    return "";
  }

 private:
  void fail(const std::string& why) {
    if (why_not_.empty()) why_not_ = why;
  }

  void check() {
    for (const OriginNode& node : origin_.nodes) check(node);
    for (const OriginFunction& function : origin_.functions) {
      if (function.definition.empty() && present_.find(function.name) == kNoFunction)
        fail("function " + thaw::quoted(function.name) + " is gone");
      for (const OriginWeight& weight : function.weights) check(weight);
    }
    for (const std::string& end : origin_.ends) {
      if (draft_.find(end) == kNoNode) fail("node " + thaw::quoted(end) + " is gone");
    }
  }

  void check(const OriginNode& node) {
    const NodeId id = draft_.find(node.node.name);
    if (id == kNoNode) return fail("node " + thaw::quoted(node.node.name) + " is gone");
    if (fingerprint_of(draft_.node_def(id)) != node.now)
      fail("node " + thaw::quoted(node.node.name) + " takes or does something else");
    const auto is_data = [](const std::string& input) { return !input.starts_with('^'); };
    if (!std::ranges::is_partitioned(node.node.inputs, is_data))
      fail("node " + thaw::quoted(node.node.name) + " would wait before it takes");
    for (const std::string& input : node.node.inputs) {
      if (draft_.find(parse_input(input).node) == kNoNode) fail("node " + thaw::quoted(input) + " is gone");
    }
    if (node.weight) check(*node.weight);
  }

  void check(const OriginWeight& weight) {
    if (!value_of_(weight.variable)) fail("there is no value of " + thaw::quoted(weight.variable));
  }

  // A constant that was two things at once is that again while both still have one value.
  void find_split_values() {
    for (const OriginSplit& split : origin_.splits) {
      const NodeId copy = draft_.find(split.copy);
      const std::optional<Value> value = value_of_(split.variable);
      const bool same = copy != kNoNode && value && !draft_.is_added(copy) &&
                        same_small(draft_.base().tensor(copy, "value").value, *value);
      if (!same) split_.insert(split.copy);
    }
  }

  bool takes_split(const OriginNode& node) const {
    if (split_.empty() || node.weight) return false;
    const std::vector<Edge> inputs = draft_.inputs(draft_.find(node.node.name));
    return std::ranges::any_of(inputs,
                               [&](const Edge& input) { return split_.contains(draft_.name(input.node)); });
  }

  void restore(const OriginNode& origin) {
    const NodeId id = draft_.find(origin.node.name);
    NodeDef node = origin.node;
    if (origin.weight) {
      const Value value = value_of_(origin.weight->variable).value();
      node.set_attr("value", tensor_attr(value, origin.weight->form));
      if (draft_.op(id) == "VarHandleOp") freeze_reads(id, value);
    }
    draft_.replace(id, std::move(node), {"O1", origin.node.name, "as it was before thawing"});
  }

  // A node of the original takes constants, where the thawed one reads variables.
  void freeze_inputs(NodeId id) {
    for (const Edge& input : draft_.inputs(id)) {
      if (draft_.op(input.node) != "VarHandleOp" || input.is_control()) continue;
      const std::string name = draft_.name(input.node);
      const std::optional<Value> value = value_of_(name);
      if (!value) continue;  // a variable of the original
      freeze_reads(input.node, *value);
      draft_.replace(input.node, frozen_constant(name, *value), {"Z1", name, "VarHandleOp -> Const"});
    }
  }

  // Of a variable that is about to be a constant; those that are no reads are not of the original.
  void freeze_reads(NodeId variable, const Value& value) {
    const FrozenSlots slots{{0, {draft_.name(variable), value.dtype(), value.shape(), false}}};
    for (const Edge& taker : draft_.consumers(variable)) {
      if (taker.is_control() || draft_.op(taker.node) != "ReadVariableOp") continue;
      const auto same = [](const std::string& wanted) { return wanted; };
      FrozenNode read = freeze_node(draft_.node_def(taker.node), slots, {functions_, same});
      const std::string name = read.node.name;
      draft_.replace(taker.node, std::move(read.node), {read.rule, name, std::move(read.what)});
    }
  }

  Draft& draft_;
  const OriginRecord& origin_;
  const ValueOf& value_of_;
  const Library present_;
  FrozenFunctions functions_;              // of reads, none is ever asked for
  std::unordered_set<std::string> split_;  // copies whose variable has another value by now
  std::string why_not_;
};

}  // namespace

std::string restore_origin(Draft& draft, const OriginRecord& origin, const ValueOf& value_of) {
  return OriginRestorer(draft, origin, value_of).run();
}

void restore_names(Draft& draft, const OriginRecord& origin) {
  if (origin.renamed_by_user) return;
  std::unordered_map<NodeId, std::string> names;
  for (const OriginName& name : origin.renamed) {
    const NodeId id = draft.find(name.now);
    if (id != kNoNode && !draft.is_removed(id)) names.emplace(id, name.was);
  }
  if (!names.empty()) draft.rename(names, "O3");
}

}  // namespace thaw::internal
