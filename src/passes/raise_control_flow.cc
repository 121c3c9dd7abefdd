#include "passes/raise_control_flow.h"

#include <algorithm>

#include "messages/attr_value.h"
#include "passes/node_templates.h"
#include "passes/pair_merges.h"
#include "passes/raise_arrays.h"
#include "passes/raise_call.h"
#include "passes/raise_functions.h"

namespace thaw::internal {

namespace {

class Raiser {
 public:
  Raiser(Draft& draft, const Contexts& contexts, const RaiseOutside& outside)
      : draft_(draft),
        contexts_(contexts),
        library_(draft.base()),
        outside_(outside),
        tensors_(contexts, library_, outside),
        loops_(find_loop_parts(contexts)) {}

  Raised run() {
    RaiseProblems problems(contexts_);
    check_for_raising(tensors_, loops_, true, problems);
    tensors_.learn_shapes();
    std::unordered_set<ContextId> apart;
    for (int round = 0;; ++round) {
      RaiseProblems found = problems;
      Constructs constructs(tensors_, loops_, found, apart);
      RaiseLibrary functions(library_);
      RaiseFunctions made(tensors_, constructs, found, functions);
      made.run();
      const std::size_t before = apart.size();
      if (round < kMostRounds) apart.insert(made.knotted().begin(), made.knotted().end());
      if (apart.size() != before) continue;
      commit(constructs, functions, found);
      return std::move(raised_);
    }
  }

 private:
  // Knots of several conds show one after the other.
  static constexpr int kMostRounds = 8;

  bool is_raised(ContextId context, const RaiseProblems& problems) const {
    return context != kRootContext && !problems.concern(context);
  }

  void commit(Constructs& constructs, const RaiseLibrary& functions, const RaiseProblems& problems) {
    raised_.left = problems.list();
    std::vector<std::string> names;
    for (const Construct& construct : constructs.all()) {
      if (!is_raised(construct.inside[0], problems)) continue;
      names.insert(names.end(), construct.functions.begin(), construct.functions.end());
      ++(construct.is_loop ? raised_.loops : raised_.conds);
    }
    if (names.empty()) return;
    draft_.set_rest(functions.rest(names));
    free_constants(problems);
    remove_inside(constructs, problems);
    for (const Construct& construct : constructs.all()) {
      const bool is_here = construct.around == kRootContext && is_raised(construct.inside[0], problems);
      if (is_here) add_call(construct);
    }
    replace_results(constructs, problems);
    forget_places();
  }

  void add_call(const Construct& construct) {
    const CallTexts texts{
        [&](const Edge& tensor) { return format_input(draft_.name_view(tensor.node), tensor.port); },
        [&](NodeId node) { return "^" + draft_.name(node); }, ""};
    for (NodeDef& node : make_raised_call(construct, tensors_, texts)) {
      const std::string what = construct.is_loop ? "a loop" : "a cond";
      Change change{construct.is_loop ? "W1" : "W2", node.name, what};
      draft_.add(std::move(node), construct.place, std::move(change));
    }
  }

  // Whoever reads an Exit or a Merge goes on doing so.
  void replace_results(Constructs& constructs, const RaiseProblems& problems) {
    const auto limit = contexts_limit_;
    for (NodeId id = 0; id < limit; ++id) {
      const ConstructId number = constructs.of(id);
      if (number == kNoConstruct || tensors_.home(id) != kRootContext) continue;
      const Construct& construct = constructs.all()[number];
      if (!is_raised(construct.inside[0], problems)) continue;
      const NodeId call = draft_.find(construct.name);
      if (!construct.is_loop) {
        const std::vector<Edge> askers = draft_.consumers_of({id, 1});
        if (!askers.empty()) draft_.redirect_all(askers, id, {call, constructs.result({id, 1})}, "W2");
      }
      replace_result(id, construct, call, constructs.result({id, 0}));
    }
  }

  void replace_result(NodeId id, const Construct& construct, NodeId call, std::uint32_t result) {
    const NodeDef before = draft_.node_def(id);
    const DType type = draft_.type_attr(id, "T").value_or(DType::invalid);
    NodeDef node = make_identity(before.name, format_input(draft_.name_view(call), result), type);
    node.device = before.device;
    for (const Edge& input : draft_.inputs_now(id)) {
      const bool stays = tensors_.home(input.node) == kRootContext && !draft_.is_removed(input.node);
      if (input.is_control() && stays) node.inputs.push_back("^" + draft_.name(input.node));
    }
    const std::string what = construct.is_loop ? "what the loop ends with" : "what the cond gives";
    draft_.replace(id, std::move(node), {construct.is_loop ? "W1" : "W2", before.name, what});
  }

  void free_constants(const RaiseProblems& problems) {
    for (const NodeId id : outside_.nodes) {
      if (!is_raised(contexts_.of(id), problems) || draft_.is_removed(id)) continue;
      NodeDef node = draft_.node_def(id);
      node.inputs.clear();
      const std::string name = node.name;
      draft_.replace(id, std::move(node), {"W3", name, "out of a loop or branch"});
    }
  }

  // Switches that stand around what is gone go with it, where nothing else reads them.
  void remove_inside(const Constructs& constructs, const RaiseProblems& problems) {
    std::vector<bool> gone(contexts_limit_);
    std::vector<NodeId> nodes;
    const auto remove = [&](NodeId id) {
      gone[id] = true;
      nodes.push_back(id);
    };
    for (NodeId id = 0; id < contexts_limit_; ++id) {
      const bool stays = draft_.is_removed(id) || !is_raised(contexts_.of(id), problems) ||
                         tensors_.home(id) == kRootContext;
      if (!stays) remove(id);
    }
    const auto is_over = [&](const Edge& consumer) {
      if (gone[consumer.node]) return true;
      const ConstructId construct = constructs.of(consumer.node);
      return construct != kNoConstruct && is_raised(constructs.at(construct).inside[0], problems);
    };
    for (NodeId id = 0; id < contexts_limit_; ++id) {
      const bool is_around = !gone[id] && !draft_.is_removed(id) && contexts_.of(id) == kRootContext &&
                             contexts_.structure().is_cond_switch(id);
      const auto consumers = draft_.consumers_now(id);
      if (is_around && !consumers.empty() && std::ranges::all_of(consumers, is_over)) remove(id);
    }
    std::ranges::sort(nodes, std::greater());  // see Draft::unlink
    for (const NodeId id : nodes) draft_.remove(id, {"W1", draft_.name(id), "part of a function now"});
  }

  // `_class` names nodes to be near to; a name that is gone would make the import fail.
  void forget_places() {
    for (NodeId id = 0; id < draft_.id_limit(); ++id) {
      if (draft_.is_removed(id)) continue;
      const std::optional<std::string> places = draft_.attr(id, "_class");
      if (!places) continue;
      std::vector<std::string> left;
      bool any_gone = false;
      for (const Bytes place : attr_as_strings(*places)) {
        const bool is_gone = place.starts_with("loc:@") && draft_.find(place.substr(5)) == kNoNode;
        any_gone |= is_gone;
        if (!is_gone) left.emplace_back(place);
      }
      if (!any_gone) continue;
      NodeDef node = draft_.node_def(id);
      node.drop_attr("_class");
      if (!left.empty()) node.set_attr("_class", attr_of_strings(left));
      const std::string name = node.name;
      draft_.replace(id, std::move(node), {"W1", name, "stood near a node that is gone"});
    }
  }

  Draft& draft_;
  const Contexts& contexts_;
  const Library library_;
  const RaiseOutside& outside_;
  RaiseTensors tensors_;
  const std::vector<LoopParts> loops_;
  const NodeId contexts_limit_ = static_cast<NodeId>(draft_.id_limit());
  Raised raised_;
};

std::size_t lists_of_arrays(Draft& draft, const Contexts& contexts, const RaiseOutside& outside) {
  const Library library(draft.base());
  RaiseTensors tensors(contexts, library, outside);
  RaiseProblems problems(contexts);
  check_for_raising(tensors, find_loop_parts(contexts), false, problems);
  return raise_arrays(draft, contexts, problems);
}

}  // namespace

RaiseOutside outside_of(const Plan& plan) {
  RaiseOutside outside;
  for (const Variable& variable : plan.variables) outside.nodes.push_back(variable.node);
  for (const Decision& decision : plan.decisions) {
    if (decision.verdict == Verdict::tied) outside.copies.emplace(decision.node, decision.tied_to);
  }
  return outside;
}

Raised raise_control_flow(Draft& draft, const RaiseOutside& outside) {
  const bool flows = has_control_flow(draft, 0);
  if (!flows && !has_arrays(draft)) return {};
  std::optional<Contexts> contexts(std::in_place, draft);
  if (join_in_pairs(draft, *contexts)) contexts.emplace(draft);
  const std::size_t arrays = lists_of_arrays(draft, *contexts, outside);
  if (arrays > 0) contexts.emplace(draft);
  Raised raised;
  if (flows) raised = Raiser(draft, *contexts, outside).run();
  raised.arrays = arrays;
  return raised;
}

}  // namespace thaw::internal
