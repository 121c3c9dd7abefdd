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

// Functions beside each other, as a library of their own.
std::shared_ptr<const Library> library_of(Recipe rest) {
  const SourcePtr source = std::move(rest).as_source("functions");
  return std::make_shared<const Library>(*read_graph(source));
}

Recipe in_library(Recipe functions, Bytes beside_functions, Bytes beside_nodes) {
  functions.add(std::string(beside_functions));
  std::string header;
  append_header(header, 2, functions.size());
  Recipe rest(std::move(header));
  rest.add(std::move(functions));
  rest.add(std::string(beside_nodes));
  return rest;
}

// Of constants that are used as a shape or size.
bool same_small(const Value& a, const Value& b) {
  constexpr std::uint64_t kMost = 1 << 20;
  const bool alike = a.dtype() == b.dtype() && a.shape() == b.shape() && a.dtype() != DType::string;
  return alike && a.byte_size() <= kMost && a.bytes() == b.bytes();
}

class OriginRestorer {
 public:
  OriginRestorer(Draft& draft, const Origin& origin, const ValueOf& value_of)
      : draft_(draft), origin_(origin), value_of_(value_of), present_(draft.base()), functions_(present_) {}

  RestoredOrigin run() {
    check();
    if (!done_.why_not.empty()) return std::move(done_);
    find_split_values();
    for (const OriginNode& node : origin_.nodes) {
      if (!takes_split(node)) restore(node);
    }
    for (const OriginNode& node : origin_.nodes) freeze_inputs(draft_.find(node.node.name));
    restore_rest();
    return std::move(done_);
  }

 private:
  void fail(const std::string& why) {
    if (done_.why_not.empty()) done_.why_not = why;
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

  void restore_rest() {
    if (!origin_.has_functions) {
      Recipe rest = present_.functions().empty()
                        ? Recipe(origin_.beside_nodes)
                        : in_library(present_functions(), present_.other().bytes(), origin_.beside_nodes);
      draft_.set_rest(std::move(rest));
      return;
    }
    Recipe functions;
    std::unordered_set<std::string> names;
    for (const OriginFunction& function : origin_.functions) {
      names.insert(function.name);
      functions.add(restored(function));
    }
    add_others(names, functions);
    Recipe rest = in_library(std::move(functions), origin_.beside_functions, origin_.beside_nodes);
    done_.library = library_of(rest);
    draft_.set_rest(std::move(rest));
  }

  Recipe present_functions() const {
    Recipe all;
    for (std::size_t i = 0; i < present_.functions().size(); ++i) all.add(present_.field(i));
    return all;
  }

  Recipe restored(const OriginFunction& function) {
    if (function.definition.empty()) return present_.field(present_.find(function.name));
    if (function.weights.empty()) return function.definition;
    const auto alone = library_of(in_library(function.definition, "", ""));
    FunctionDef definition = alone->functions().front();
    for (const OriginWeight& weight : function.weights) {
      const auto node = std::ranges::find(definition.nodes, weight.node,
                                          [](const FunctionNode& one) { return one.node.name; });
      if (node == definition.nodes.end()) continue;
      node->node.set_attr("value", tensor_attr(value_of_(weight.variable).value(), weight.form));
      node->field = Recipe();
      done_.weights.push_back({definition.name, weight.node, weight.variable});
    }
    return encode_function(definition);
  }

  // Functions that are not of the original and that something still names: somebody else's.
  void add_others(std::unordered_set<std::string>& names, Recipe& functions) const {
    std::vector<std::size_t> work;
    for (const NodeId id : draft_.order()) {
      for (const std::size_t function : named_functions(draft_.node_def(id), present_))
        work.push_back(function);
    }
    while (!work.empty()) {
      const FunctionDef& function = present_.functions()[work.back()];
      const Recipe& field = present_.field(work.back());
      work.pop_back();
      if (!names.insert(function.name).second) continue;
      functions.add(field);
      for (const FunctionNode& node : function.nodes) {
        for (const std::size_t named : named_functions(node.node, present_)) work.push_back(named);
      }
    }
  }

  Draft& draft_;
  const Origin& origin_;
  const ValueOf& value_of_;
  const Library present_;
  FrozenFunctions functions_;              // of reads, none is ever asked for
  std::unordered_set<std::string> split_;  // copies whose variable has another value by now
  RestoredOrigin done_;
};

}  // namespace

RestoredOrigin restore_origin(Draft& draft, const Origin& origin, const ValueOf& value_of) {
  return OriginRestorer(draft, origin, value_of).run();
}

void restore_names(Draft& draft, const Origin& origin) {
  if (origin.renamed_by_user) return;
  std::unordered_map<NodeId, std::string> names;
  for (const OriginName& name : origin.renamed) {
    const NodeId id = draft.find(name.now);
    if (id != kNoNode && !draft.is_removed(id)) names.emplace(id, name.was);
  }
  if (!names.empty()) draft.rename(names, "O3");
}

}  // namespace thaw::internal
