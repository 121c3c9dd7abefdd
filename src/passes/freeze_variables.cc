#include "passes/freeze_variables.h"

#include <algorithm>
#include <optional>
#include <set>

#include "draft/contexts.h"
#include "messages/attr_value.h"
#include "passes/frozen_node.h"
#include "passes/node_templates.h"
#include "passes/noted_shapes.h"
#include "passes/tensor_attr.h"

namespace thaw::internal {

namespace {

bool is_reference(const Draft& draft, NodeId variable) { return draft.op(variable) != "VarHandleOp"; }

// Where variables go, through all that passes them on.
class VariableFlow {
 public:
  VariableFlow(const Draft& draft, const FrozenFunctions* functions) : draft_(draft), functions_(functions) {}

  void start(NodeId variable, const FrozenValue& value) { arrive({variable, 0}, value); }

  // By node and input, what takes variables, other than for their value.
  const std::map<NodeId, FrozenSlots>& run() {
    for (std::size_t next = 0; next < work_.size(); ++next) spread(work_[next]);
    return taken_;
  }

 private:
  using Output = std::pair<NodeId, std::uint32_t>;

  void arrive(const Output& output, const FrozenValue& value) {
    const auto [known, is_new] = values_.emplace(output, value);
    if (is_new) work_.push_back(output);
    if (is_new || known->second.shape == value.shape) return;
    if (!known->second.shape.unknown_rank()) work_.push_back(output);
    known->second.shape = Shape::of_unknown_rank();
  }

  void spread(const Output& output) {
    const FrozenValue value = values_.at(output);
    for (const Edge& taker : draft_.consumers_of({output.first, output.second})) {
      const VariableUse use = use_of_variable(draft_.op(taker.node), taker.port, value.is_ref);
      if (taker.is_control() || use == VariableUse::value) continue;
      taken_[taker.node].insert_or_assign(taker.port, value);
      spread_through(taker, use, value);
    }
  }

  void spread_through(const Edge& taker, VariableUse use, const FrozenValue& value) {
    for (const Edge& next : draft_.consumers_now(taker.node)) {
      if (next.is_control()) continue;
      const std::uint32_t output = draft_.inputs_now(next.node)[next.port].port;
      if (passes_on(use, taker.port, output) || is_given_back(taker, use, output))
        arrive({taker.node, output}, value);
    }
  }

  bool is_given_back(const Edge& taker, VariableUse use, std::uint32_t output) {
    if (use != VariableUse::call || functions_ == nullptr) return false;
    const auto [known, is_new] = sites_.try_emplace(taker.node);
    if (is_new) known->second = find_call_site(draft_.node_def(taker.node), functions_->library());
    const std::optional<CallSite>& site = known->second;
    return site && functions_->given_back(*site, output) == taker.port - site->first_argument;
  }

  const Draft& draft_;
  const FrozenFunctions* functions_;
  std::map<Output, FrozenValue> values_;
  std::vector<Output> work_;
  std::map<NodeId, FrozenSlots> taken_;
  std::map<NodeId, std::optional<CallSite>> sites_;
};

bool makes_constant(VariableUse use) { return use == VariableUse::gather || use == VariableUse::is_set; }

// Which nodes that need a constant of their own lie in a loop.
class LoopPlaces {
 public:
  explicit LoopPlaces(const Draft& draft) : draft_(draft) {}

  bool contains(NodeId id) {
    if (!known_) {
      const FlowStructure structure(draft_);
      if (!structure.empty()) contexts_.emplace(draft_);
      known_ = true;
    }
    return contexts_ && contexts_->tree().loop_around(contexts_->of(id)) != kRootContext;
  }

 private:
  const Draft& draft_;
  bool known_ = false;
  std::optional<Contexts> contexts_;
};

// Recorded shapes of what passes a reference variable's value on: TensorFlow's freezer drops them, too.
void forget_recorded_shapes(Draft& draft, std::vector<NodeId> work) {
  std::set<NodeId> seen(work.begin(), work.end());
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    for (const Edge& taker : draft.consumers(id)) {
      const Bytes op = draft.op(taker.node);
      const bool passes = op == "Identity" || op == "Enter" || op == "Exit" || op == "NextIteration" ||
                          op == "Switch" || op == "_SwitchN" || op == "Merge";
      if (taker.is_control() || !passes || !seen.insert(taker.node).second) continue;
      work.push_back(taker.node);
      forget_noted_shape(draft, taker.node);
    }
  }
}

void to_constant(Draft& draft, const VariableToFreeze& variable) {
  NodeDef node = frozen_constant(draft.name(variable.node), variable.value);
  Change change{"Z1", node.name, std::string(draft.op(variable.node)) + " -> Const"};
  draft.replace(variable.node, std::move(node), std::move(change));
}

bool is_written(const Draft& draft, NodeId call, const FrozenSlots& values, const ChangedArguments& calls) {
  const std::optional<CallSite> site = find_call_site(draft.node_def(call), calls.library());
  return site && std::ranges::any_of(values, [&](const auto& entry) {
           return entry.first >= site->first_argument &&
                  calls.contains(*site, entry.first - site->first_argument);
         });
}

}  // namespace

void freeze_variables(Draft& draft, const std::vector<VariableToFreeze>& variables,
                      FrozenFunctions& functions) {
  VariableFlow flow(draft, &functions);
  std::vector<NodeId> references;
  for (const VariableToFreeze& variable : variables) {
    const bool is_ref = is_reference(draft, variable.node);
    if (is_ref) references.push_back(variable.node);
    flow.start(variable.node,
               {draft.name(variable.node), variable.value.dtype(), variable.value.shape(), is_ref});
  }
  const std::map<NodeId, FrozenSlots>& taken = flow.run();
  LoopPlaces loops(draft);
  std::set<NodeId> in_loops;
  for (const auto& [id, values] : taken) {
    const auto& [slot, value] = *values.begin();
    if (makes_constant(use_of_variable(draft.op(id), slot, value.is_ref)) && loops.contains(id))
      in_loops.insert(id);
  }
  const auto unique_name = [&](const std::string& wanted) { return draft.unique_name(wanted); };
  for (const auto& [id, values] : taken) {
    FrozenNode frozen =
        freeze_node(draft.node_def(id), values, {functions, unique_name, in_loops.contains(id)});
    if (frozen.axis)
      draft.add(*frozen.axis, kNoNode, {frozen.rule, frozen.axis->name, "the axis of " + frozen.node.name});
    Change change{frozen.rule, frozen.node.name, frozen.what};
    draft.replace(id, std::move(frozen.node), std::move(change));
  }
  functions.make();
  for (const VariableToFreeze& variable : variables) to_constant(draft, variable);
  forget_recorded_shapes(draft, std::move(references));
}

NodeId find_change(const Draft& draft, NodeId variable, const ChangedArguments* calls) {
  VariableFlow flow(draft, nullptr);
  flow.start(variable, {draft.name(variable), DType::invalid, Shape(), is_reference(draft, variable)});
  for (const auto& [id, values] : flow.run()) {
    const auto& [slot, value] = *values.begin();
    const VariableUse use = use_of_variable(draft.op(id), slot, value.is_ref);
    if (use == VariableUse::change ||
        (calls != nullptr && use == VariableUse::call && is_written(draft, id, values, *calls)))
      return id;
  }
  return kNoNode;
}

}  // namespace thaw::internal
