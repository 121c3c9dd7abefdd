#include "compare/prove_calls.h"

#include <algorithm>
#include <deque>
#include <set>

#include "compare/compare_values.h"
#include "compare/written_place.h"
#include "draft/function_cells.h"
#include "draft/library_edit.h"
#include "messages/attr_value.h"
#include "messages/function_ref.h"
#include "model/call_site.h"

namespace thaw::internal {

namespace {

bool stands_for_call(Bytes op) { return op == "IdentityN" || op == "NoOp"; }

class CallProver {
 public:
  CallProver(const Graph& before, const Graph& after)
      : was_(before), is_(after), before_(before), after_(after) {}

  void run() {
    WrittenBody graph(is_);
    for (NodeId id = 0; id < was_.node_count(); ++id) {
      if (was_.skeleton(id) == is_.skeleton(id)) {
        compare_same(id);
        graph.explain(id);
      } else {
        compare_root(id, graph);
      }
    }
    finish_places();
    if (const auto name = graph.unexplained()) fail_calls(*name, "was added");
    for (std::size_t next = 0; next < pairs_.size(); ++next) compare_pair(pairs_[next]);
    for (std::size_t i = 0; i < after_.functions().size(); ++i) {
      if (!accounted_.contains(i)) must_be_the_same(after_.functions()[i].name);
    }
  }

 private:
  using Pair = std::pair<std::size_t, std::size_t>;  // a function before and after

  void compare_same(NodeId id) {
    if (!same_large_tensors(was_, id, is_, id)) fail_calls(std::string(was_.name(id)), "holds other numbers");
    for (const std::size_t function : named_functions(decode_node(was_.skeleton(id)), before_))
      must_be_the_same(before_.functions()[function].name);
  }

  void must_be_the_same(const std::string& function) {
    Texts work{function};
    while (!work.empty()) {
      const std::string name = std::move(work.back());
      work.pop_back();
      if (!kept_.insert(name).second) continue;
      const std::size_t was = before_.find(name), is = after_.find(name);
      const bool same =
          was != kNoFunction && is != kNoFunction && before_.field(was).bytes() == after_.field(is).bytes();
      if (!same) fail_calls(name, "is another function");
      accounted_.insert(is);
      for (const FunctionNode& node : before_.functions()[was].nodes) {
        for (const std::size_t inner : named_functions(node.node, before_))
          work.push_back(before_.functions()[inner].name);
      }
    }
  }

  void compare_root(NodeId id, WrittenBody& graph) {
    const NodeDef was = was_.node_def(id);
    const NodeDef is = *graph.take(was.name);
    const std::optional<CallSite> site = find_call_site(was, before_);
    if (!site) fail_calls(was.name, "was changed");
    if (site->kind == CallKind::call && stands_for_call(is.op)) {
      enter(was, is, *site, graph, nullptr);
    } else {
      compare_calls(was, is, *site, nullptr);
    }
  }

  // A call that stays, to other functions.
  void compare_calls(const NodeDef& expected, const NodeDef& is, const CallSite& site,
                     const WrittenPlace* place) {
    NodeDef call = expected;
    for (std::size_t i = 0; i < site.callees.size();) {
      const std::string key = site.callees[i].attr;
      const NodeAttr* attr = is.find_attr(key);
      if (attr == nullptr) fail_calls(is.name, "calls nothing");
      const std::string value = attr->value.bytes();
      Texts names;
      for (const Bytes name : referred_functions(value)) names.emplace_back(name);
      call.set_attr(key, with_functions(call.find_attr(key)->value.bytes(), names));
      for (const std::string& name : names) {
        if (i == site.callees.size() || site.callees[i].attr != key)
          fail_calls(is.name, "calls more functions");
        demand(site.callees[i++].function, name);
      }
    }
    if (place == nullptr ? encoded_node(call) != encoded_node(is) : !place->is_same(call, is))
      fail_calls(is.name, "is another call");
  }

  void demand(std::size_t was, const std::string& name) {
    const std::size_t is = after_.find(name);
    if (is == kNoFunction) fail_calls(name, "is not there");
    if (name == before_.functions()[was].name) return must_be_the_same(name);
    accounted_.insert(is);
    if (seen_.insert({was, is}).second) pairs_.emplace_back(was, is);
  }

  // `expected`: the call as it would stand there; its inputs are what the arguments are.
  void enter(const NodeDef& call, const NodeDef& is, const CallSite& site, WrittenBody& body,
             const WrittenPlace* around) {
    NodeDef expected = call;
    if (around != nullptr) expected = around->moved(call);
    WrittenPlace place(before_, before_.functions()[site.callees[0].function], body);
    place.scope = expected.name + "/";
    place.device = expected.device;
    for (const std::string& input : expected.inputs)
      (input.starts_with('^') ? place.controls : place.arguments).push_back(input);
    const bool with_arguments = around == nullptr && body.has_control_flow();
    compare_results(is, place, with_arguments);
    compare_types(is, expected, *place.was, with_arguments);
    places_.push_back(std::move(place));
  }

  // Where a part of the graph may be dead the arguments stand behind the results.
  void compare_results(const NodeDef& is, const WrittenPlace& place, bool with_arguments) {
    Texts expected;
    for (const FunctionArg& output : place.was->outputs)
      expected.push_back(place.moved(*place.was->find_return(output.name)));
    if (with_arguments) expected.insert(expected.end(), place.arguments.begin(), place.arguments.end());
    const std::size_t data = expected.size();
    const bool same =
        is.inputs.size() >= data && std::equal(expected.begin(), expected.end(), is.inputs.begin());
    if (!same || is.op != (data == 0 ? "NoOp" : "IdentityN")) fail_calls(is.name, "gives other results");
    for (std::size_t i = data; i < is.inputs.size(); ++i) {
      const bool inside = is.inputs[i].starts_with("^" + place.scope);
      if (!inside && std::ranges::find(place.controls, is.inputs[i]) == place.controls.end())
        fail_calls(is.name, "waits for something else");
    }
  }

  static void compare_types(const NodeDef& is, const NodeDef& call, const FunctionDef& function,
                            bool with_arguments) {
    std::vector<DType> types;
    for (const FunctionArg& output : function.outputs) types.push_back(output.type);
    for (std::size_t i = 0; i < function.inputs.size() && with_arguments; ++i)
      types.push_back(function.inputs[i].type);
    NodeDef expected;
    expected.name = call.name;
    expected.op = is.op;
    expected.inputs = is.inputs;
    expected.device = call.device;
    expected.unknown = call.unknown;
    if (!types.empty()) expected.set_attr("T", attr_of_types(types));
    if (const NodeAttr* place = call.find_attr("_class")) expected.attrs.push_back(*place);
    if (encoded_node(expected) != encoded_node(is)) fail_calls(is.name, "gives other results");
  }

  void finish_places() {
    for (; !places_.empty(); places_.pop_front()) {
      const WrittenPlace& place = places_.front();
      for (const FunctionNode& node : place.was->nodes) compare_inside(node.node, place);
    }
  }

  void compare_inside(const NodeDef& was, const WrittenPlace& place) {
    const std::optional<NodeDef> is = place.is->take(place.scope + was.name);
    if (!is) fail_calls(place.scope + was.name, "is gone");
    const std::optional<CallSite> site = find_call_site(was, before_);
    if (site && site->kind == CallKind::call && is->op != was.op && stands_for_call(is->op))
      return enter(was, *is, *site, *place.is, &place);
    const NodeDef expected = place.moved(was);
    if (is_expandable(was) && is->op == "IdentityN") return compare_cell(expected, *is, place);
    if (place.is_same(expected, *is)) {
      for (const std::size_t function : named_functions(was, before_))
        must_be_the_same(before_.functions()[function].name);
      return;
    }
    if (!site || site->callees[0].attr.empty()) fail_calls(is->name, "was changed");
    compare_calls(expected, *is, *site, &place);
  }

  void compare_cell(const NodeDef& cell, const NodeDef& is, const WrittenPlace& place) {
    const std::string first = is.inputs.empty() ? "" : producer_of(is.inputs[0]);
    const std::string scope = first.substr(0, first.rfind('/'));
    CellExpansion expected =
        place.is->is_graph() ? expand_cell(cell, scope, "") : expand_cell_in_function(cell, scope);
    for (NodeDef& node : expected.added) {
      const std::optional<NodeDef> part = place.is->take(node.name);
      place.add_waits(node);
      if (!part || !place.is_same(node, *part)) fail_calls(node.name, "is not what the cell computes");
    }
    if (!place.is_same(expected.cell, is)) fail_calls(is.name, "does not give the cell's results");
  }

  void compare_pair(const Pair& pair) {
    const FunctionDef& was = before_.functions()[pair.first];
    const FunctionDef& is = after_.functions()[pair.second];
    WrittenBody body(is);
    const WrittenPlace place(before_, was, body);
    for (const FunctionNode& node : was.nodes) compare_inside(node.node, place);
    finish_places();
    if (const auto name = body.unexplained()) fail_calls(*name, "was added");
    FunctionDef expected = is;
    expected.name = was.name;
    expected.nodes = was.nodes;
    for (FunctionReturn& value : expected.returns) {
      const std::string* result = was.find_return(value.name);
      if (result == nullptr || place.moved(*result) != value.value)
        fail_calls(is.name, "gives other results");
      value.value = *result;
    }
    FunctionDef same = was;
    forget_twins(same);
    for (FunctionDef* function : {&expected, &same}) function->nodes.clear();
    if (encode_function(expected).bytes() != encode_function(same).bytes())
      fail_calls(is.name, "is declared in another way");
  }

  const Graph& was_;
  const Graph& is_;
  const Library before_, after_;
  std::deque<WrittenPlace> places_;
  std::vector<Pair> pairs_;
  std::set<Pair> seen_;
  std::set<std::string> kept_;
  std::set<std::size_t> accounted_;  // functions of what was written
};

}  // namespace

void prove_calls(const Graph& before, const Graph& after) {
  if (&before != &after) CallProver(before, after).run();
}

}  // namespace thaw::internal
