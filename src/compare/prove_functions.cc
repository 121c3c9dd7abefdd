#include "compare/prove_functions.h"

#include <algorithm>
#include <map>
#include <set>

#include "compare/compare_nodes.h"
#include "compare/compare_values.h"
#include "io/same_bytes.h"
#include "messages/function_ref.h"
#include "thaw/error.h"
#include "wire/walk.h"

namespace thaw::internal {

namespace {

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw Error(ErrorKind::bug, "the written functions are not those that were read: " + where + " " + what,
              "the same function once its weights are constants again",
              "nothing was published; please report this with the model");
}

// The tensor of a constant inside a function.
Value value_of(const NodeDef& constant) {
  const SourcePtr source = Recipe(constant.find_attr("value")->value).as_source("value");
  Window window(*source, {0, source->size()});
  Walk walk(window);
  Range tensor;
  for (Field field; walk.next(field);) {
    if (field.is_bytes(8)) tensor = field.payload;
  }
  return read_tensor(source, tensor).value;
}

class FunctionProver {
 public:
  FunctionProver(const Graph& input, const Library& library, const Graph& handed_down, const Graph& written)
      : was_(input), before_(library), is_(handed_down), after_(written) {}

  FunctionProof run() {
    if (!same_bytes(before_.graph_rest(), after_.graph_rest())) fail("the graph", "has other versions");
    if (!same_bytes(before_.other(), after_.other())) fail("the library", "has other gradients");
    for (NodeId id = 0; id < was_.node_count(); ++id) compare_root(id);
    for (std::size_t next = 0; next < pairs_.size(); ++next) compare_pair(Pair(pairs_[next]));
    for (std::size_t i = 0; i < before_.functions().size(); ++i) {
      const bool may_be_gone =
          changed_.contains(i) && after_.find(before_.functions()[i].name) == kNoFunction;
      if (!may_be_gone) must_be_there(i);
    }
    if (accounted_.size() != after_.functions().size())
      fail("the library", "has functions that nobody asked for");
    if (used_.size() != is_.node_count() - was_.node_count())
      fail("the graph", "has constants that nobody takes");
    return {before_.functions().size() - changed_.size(), changed_.size()};
  }

 private:
  // A function before and after, and which constants of the graph stand behind the arguments added to it.
  struct Pair {
    std::size_t was, is;
    std::vector<NodeId> constants;
    bool gives_back;
    auto operator<=>(const Pair&) const = default;
  };

  void compare_root(NodeId id) {
    const std::string where = "node " + thaw::quoted(was_.name(id));
    if (was_.skeleton(id) == is_.skeleton(id)) return keep_callees(decode_node(was_.skeleton(id)));
    const NodeDef was = was_.node_def(id), is = is_.node_def(id);
    const std::optional<CallSite> site = find_call_site(was, before_);
    if (!site) fail(where, "was changed");
    std::vector<std::string> inputs;
    std::vector<NodeId> constants;
    for (std::size_t i = was.inputs.size(); i < is.inputs.size(); ++i) {
      inputs.push_back(is.inputs[site->first_argument + site->arguments + constants.size()]);
      constants.push_back(is_.find(inputs.back()));
    }
    compare_calls(where, {was, is, *site, inputs, constants});
  }

  struct Call {
    const NodeDef& was;
    const NodeDef& is;
    const CallSite& site;
    const std::vector<std::string>& inputs;  // added, as the node takes them
    const std::vector<NodeId>& constants;    // and what they are
  };

  void compare_calls(const std::string& where, const Call& call) {
    const std::vector<NewArgument> added = added_of(where, call.constants);
    if (const Difference found = compare_call(call.was, call.is, call.site, call.inputs, added))
      fail(where, *found);
    std::vector<std::size_t> callees;
    for (std::size_t i = 0; i < call.site.callees.size(); ++i) {
      const bool first = i == 0 || call.site.callees[i].attr != call.site.callees[i - 1].attr;
      if (!first) continue;
      const std::string value = call.is.find_attr(call.site.callees[i].attr)->value.bytes();
      for (const Bytes name : referred_functions(value)) callees.push_back(after_.find(name));
    }
    if (callees.size() != call.site.callees.size()) fail(where, "calls another number of functions");
    for (std::size_t i = 0; i < callees.size(); ++i) {
      if (callees[i] == kNoFunction) fail(where, "calls a function that is not there");
      demand(
          {call.site.callees[i].function, callees[i], call.constants, call.site.callees[i].attr == "body"});
    }
  }

  std::vector<NewArgument> added_of(const std::string& where, const std::vector<NodeId>& constants) const {
    std::vector<NewArgument> added;
    for (const NodeId id : constants) {
      const bool is_new = id != kNoNode && id >= was_.node_count() && is_.op(id) == "Const";
      if (!is_new) fail(where, "passes something that is no weight");
      const TensorHead head = is_.tensor_head(id, "value").value();
      added.push_back({head.dtype, head.shape});
    }
    return added;
  }

  void demand(Pair pair) {
    if (seen_.insert(pair).second) pairs_.push_back(std::move(pair));
  }

  void compare_pair(const Pair& pair) {
    const FunctionDef& was = before_.functions()[pair.was];
    const FunctionDef& is = after_.functions()[pair.is];
    const std::string where = "function " + thaw::quoted(was.name);
    changed_.insert(pair.was);
    accounted_.insert(pair.is);
    used_.insert(pair.constants.begin(), pair.constants.end());
    const std::vector<NewArgument> added = added_of(where, pair.constants);
    if (const Difference found = compare_signature(was, is, added, pair.gives_back)) fail(where, *found);
    std::map<std::string, NodeId> given;
    for (std::size_t i = 0; i < pair.constants.size(); ++i)
      given[is.inputs[was.inputs.size() + i].name] = pair.constants[i];
    if (was.nodes.size() != is.nodes.size()) fail(where, "has another number of nodes");
    for (std::size_t i = 0; i < was.nodes.size(); ++i) {
      if (same_bytes(was.nodes[i].field, is.nodes[i].field)) {
        keep_callees(was.nodes[i].node);
      } else {
        compare_node(where + ", node " + thaw::quoted(was.nodes[i].node.name), was.nodes[i].node,
                     is.nodes[i].node, given);
      }
    }
  }

  void compare_node(const std::string& where, const NodeDef& was, const NodeDef& is,
                    const std::map<std::string, NodeId>& given) {
    if (was.op == "Const") return compare_weight(where, was, is, given);
    const std::optional<CallSite> site = find_call_site(was, before_);
    if (!site || is.inputs.size() < was.inputs.size()) fail(where, "was changed");
    std::vector<std::string> inputs;
    std::vector<NodeId> constants;
    for (std::size_t i = was.inputs.size(); i < is.inputs.size(); ++i) {
      inputs.push_back(is.inputs[site->first_argument + site->arguments + constants.size()]);
      const auto found = given.find(inputs.back());
      constants.push_back(found == given.end() ? kNoNode : found->second);
    }
    compare_calls(where, {was, is, *site, inputs, constants});
  }

  void compare_weight(const std::string& where, const NodeDef& was, const NodeDef& is,
                      const std::map<std::string, NodeId>& given) {
    const auto found = is.inputs.empty() ? given.end() : given.find(is.inputs[0]);
    if (found == given.end()) fail(where, "takes something that is no weight");
    const Value value = is_.tensor(found->second, "value").value;
    if (const Difference what = compare_constant(was, is, found->first, value.dtype())) fail(where, *what);
    if (!same_value(value_of(was), value)) fail(where, "holds other numbers");
  }

  // What an unchanged node names must be unchanged.
  void keep_callees(const NodeDef& node) {
    for (const std::size_t function : named_functions(node, before_)) must_be_there(function);
  }

  void must_be_there(std::size_t function) {
    if (!kept_.insert(function).second) return;
    const std::string& name = before_.functions()[function].name;
    const std::size_t now = after_.find(name);
    if (now == kNoFunction) fail("function " + thaw::quoted(name), "is gone");
    if (!same_bytes(before_.field(function), after_.field(now)))
      fail("function " + thaw::quoted(name), "was changed");
    accounted_.insert(now);
  }

  const Graph& was_;
  const Library& before_;
  const Graph& is_;
  const Library after_;
  std::vector<Pair> pairs_;
  std::set<Pair> seen_;
  std::set<std::size_t> changed_, kept_;  // of the input
  std::set<std::size_t> accounted_;       // of what was written
  std::set<NodeId> used_;                 // constants handed down
};

}  // namespace

FunctionProof prove_functions(const Graph& input, const Library& library, const Graph& handed_down,
                              const Graph& written) {
  if (&input != &handed_down) return FunctionProver(input, library, handed_down, written).run();
  if (!same_bytes(input.rest(), written.rest())) fail("the library", "was changed");
  return {library.functions().size(), 0};
}

}  // namespace thaw::internal
