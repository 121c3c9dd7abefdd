#include "model/call_view.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "messages/attr_value.h"
#include "model/model.h"
#include "model/view_names.h"

namespace thaw::internal {

namespace {

// Where the arguments of a function come from, over all of its calls.
struct Argument {
  std::vector<std::string> sources;
  bool is_carried = false;  // around a loop, with a new value each time
};

class ViewBuilder {
 public:
  ViewBuilder(const std::shared_ptr<const Graph>& graph, const Library& library)
      : graph_(graph), library_(library), names_(*graph, library) {}

  CallView run() {
    find_calls();
    CallView view{graph_, graph_->node_count(), {}};
    if (root_calls_.empty()) return view;
    connect_all();
    write_root();
    for (const auto& [id, site] : root_calls_) write_outputs(std::string(graph_->name(id)), site);
    for (std::size_t i = 0; i < names_.count(); ++i) write_function(i);
    view.graph = read_graph(std::move(bytes_).as_source(graph_->source()->name()));
    view.places = std::move(places_);
    for (const auto& [id, site] : root_calls_) view.results[id] = find_outputs(*view.graph, id, site);
    return view;
  }

 private:
  void find_calls() {
    for (NodeId id = 0; id < graph_->node_count(); ++id) {
      if (!may_call(graph_->op(id), library_)) continue;
      const std::optional<CallSite> site = find_call_site(graph_->node_def(id), library_);
      if (!site) continue;
      root_calls_.emplace(id, *site);
      reach(graph_->name(id), std::string(graph_->name(id)), *site);
    }
    for (std::size_t i = 0; i < names_.count(); ++i) find_inner_calls(i);
  }

  void find_inner_calls(std::size_t instance) {
    const FunctionDef& function = names_.function(instance);
    inner_calls_.resize(instance + 1);
    for (std::size_t i = 0; i < function.nodes.size(); ++i) {
      const NodeDef& node = function.nodes[i].node;
      if (!may_call(node.op, library_)) continue;
      const std::optional<CallSite> site = find_call_site(node, library_);
      if (!site) continue;
      inner_calls_[instance].emplace(i, *site);
      reach(node.name, names_.of_node(instance, i), *site);
    }
  }

  void reach(Bytes node, const std::string& call, const CallSite& site) {
    for (const Callee& callee : site.callees) names_.add(callee.function, node);
    names_.add_outputs(call, library_.functions()[site.callees[0].function].outputs.size());
  }

  void connect_all() {
    arguments_.resize(names_.count());
    for (std::size_t i = 0; i < names_.count(); ++i) arguments_[i].resize(names_.function(i).inputs.size());
    for (const auto& [id, site] : root_calls_) {
      std::vector<std::string> inputs;
      for (const Edge& edge : graph_->inputs(id)) {
        if (!edge.is_control()) inputs.push_back(root_input(edge));
      }
      connect(site, inputs);
    }
    for (std::size_t i = 0; i < names_.count(); ++i) {
      for (const auto& [node, site] : inner_calls_[i])
        connect(site, names_.inputs_of(i, names_.function(i).nodes[node].node));
    }
  }

  void connect(const CallSite& site, const std::vector<std::string>& inputs) {
    for (std::uint32_t k = 0; k < site.arguments; ++k) {
      const std::string& given = inputs[site.first_argument + k];
      const bool is_carried = site.kind == CallKind::loop && !names_.passes_on(body_of(site), k);
      for (const Callee& callee : site.callees) {
        Argument& argument = arguments_[names_.find(callee.function)][k];
        add_source(argument, given);
        if (is_carried) add_source(argument, names_.result(body_of(site), k));
        argument.is_carried |= is_carried;
      }
    }
  }

  static void add_source(Argument& argument, const std::string& source) {
    if (std::ranges::find(argument.sources, source) == argument.sources.end())
      argument.sources.push_back(source);
  }

  std::size_t body_of(const CallSite& site) const { return names_.find(site.callees[0].function); }

  std::string root_input(const Edge& edge) const {
    const std::string name(graph_->name(edge.node));
    if (edge.is_control()) return "^" + name;
    return root_calls_.contains(edge.node) ? names_.output(name, edge.port) : format_input(name, edge.port);
  }

  // Nodes that neither call nor take what a call gives are those of the input, byte for byte.
  void write_root() {
    for (NodeId id = 0; id < graph_->node_count(); ++id) {
      const auto inputs = graph_->inputs(id);
      const bool takes_result = std::ranges::any_of(
          inputs, [&](const Edge& edge) { return !edge.is_control() && root_calls_.contains(edge.node); });
      if (root_calls_.contains(id)) {
        NodeDef node = graph_->node_def(id);
        write_call(std::move(node));
      } else if (takes_result) {
        NodeDef node = graph_->node_def(id);
        for (std::size_t i = 0; i < inputs.size(); ++i) node.inputs[i] = root_input(inputs[i]);
        bytes_.add(encode_graph_node(node));
      } else {
        bytes_.add(graph_->source(), graph_->field(id));
      }
    }
  }

  // The call itself: who waits for it still does.
  void write_call(NodeDef node) {
    NodeDef mark;
    mark.name = std::move(node.name);
    mark.op = "NoOp";
    for (std::string& input : node.inputs) {
      if (input.starts_with('^')) mark.inputs.push_back(std::move(input));
    }
    bytes_.add(encode_graph_node(mark));
  }

  void write_outputs(const std::string& call, const CallSite& site) {
    const std::size_t first = body_of(site);
    for (std::size_t k = 0; k < names_.function(first).outputs.size(); ++k) {
      std::vector<std::string> values;
      for (const Callee& callee : site.callees) {
        if (callee.attr != "cond") values.push_back(names_.result(names_.find(callee.function), k));
      }
      bool is_joined = site.kind == CallKind::branch;
      if (site.kind == CallKind::loop && !names_.passes_on(first, k)) {
        is_joined = true;
        values.push_back(names_.argument(first, k));
      }
      write_made(names_.output(call, static_cast<std::uint32_t>(k)), is_joined ? "Merge" : "Identity",
                 values);
    }
  }

  std::vector<NodeId> find_outputs(const Graph& view, NodeId call, const CallSite& site) const {
    const std::string name(graph_->name(call));
    std::vector<NodeId> nodes;
    for (std::uint32_t k = 0; k < names_.function(body_of(site)).outputs.size(); ++k)
      nodes.push_back(view.find(names_.output(name, k)));
    return nodes;
  }

  // Merge is what any of several values may come out of, as after a branch or around a loop.
  void write_made(const std::string& name, Bytes op, std::vector<std::string> values) {
    NodeDef node;
    node.name = name;
    node.op = op;
    node.inputs = std::move(values);
    bytes_.add(encode_graph_node(node));
    places_.emplace_back();
  }

  void write_function(std::size_t instance) {
    const FunctionDef& function = names_.function(instance);
    for (std::size_t k = 0; k < function.inputs.size(); ++k) {
      const Argument& argument = arguments_[instance][k];
      const Bytes several = argument.is_carried ? "Merge" : "IdentityN";
      write_made(names_.argument(instance, k), argument.sources.size() == 1 ? Bytes("Identity") : several,
                 argument.sources);
    }
    for (std::size_t i = 0; i < function.nodes.size(); ++i) {
      NodeDef node = function.nodes[i].node;
      node.inputs = names_.inputs_of(instance, node);
      node.name = names_.of_node(instance, i);
      names_.move_places(instance, node);
      places_.push_back({names_.function_number(instance), i});
      if (inner_calls_[instance].contains(i)) {
        write_call(std::move(node));
      } else {
        bytes_.add(encode_graph_node(node));
      }
    }
    for (const auto& [node, site] : inner_calls_[instance])
      write_outputs(names_.of_node(instance, node), site);
  }

  std::shared_ptr<const Graph> graph_;
  const Library& library_;
  ViewNames names_;
  std::map<NodeId, CallSite> root_calls_;
  std::vector<std::map<std::size_t, CallSite>> inner_calls_;  // by instance
  std::vector<std::vector<Argument>> arguments_;              // by instance
  std::vector<FunctionPlace> places_;
  Recipe bytes_;
};

}  // namespace

CallView look_into_calls(const std::shared_ptr<const Graph>& graph, const Library& library) {
  return ViewBuilder(graph, library).run();
}

}  // namespace thaw::internal
