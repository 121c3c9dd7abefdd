#include "passes/write_out_calls.h"

#include <unordered_set>

#include "draft/call_expansion.h"
#include "model/model.h"
#include "passes/rest_of_bodies.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

std::vector<bool> behind(const Graph& graph, std::vector<NodeId> work) {
  std::vector<bool> reached(graph.node_count());
  for (const NodeId id : work) reached[id] = true;
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    for (const Edge& consumer : graph.consumers(id)) {
      if (consumer.is_control() || reached[consumer.node]) continue;
      reached[consumer.node] = true;
      work.push_back(consumer.node);
    }
  }
  return reached;
}

bool has_control_flow(const Graph& graph) {
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    const Bytes op = graph.op(id);
    if (op == "Switch" || op == "RefSwitch" || op == "Enter" || op == "RefEnter" || op == "_SwitchN")
      return true;
  }
  return false;
}

class RootWriter {
 public:
  RootWriter(const std::shared_ptr<const Graph>& graph, const std::vector<NodeId>& weights, bool expand_cells,
             std::uint64_t most)
      : graph_(graph),
        library_(*graph),
        calls_(*graph, library_),
        trained_(behind(*graph, weights)),
        has_control_flow_(has_control_flow(*graph)),
        bodies_(library_, calls_, reached_functions(), expand_cells, most),
        rest_(library_, calls_, bodies_) {}

  WrittenCalls run() {
    for (NodeId id = 0; id < graph_->node_count(); ++id) write(id);
    if (changes_.empty()) return {graph_, {}, bodies_.calls_that_stay()};
    nodes_.add(std::move(added_));
    nodes_.add(rest_.run());
    const std::vector<Change>& inside = bodies_.changes();
    changes_.insert(changes_.end(), inside.begin(), inside.end());
    return {read_graph(std::move(nodes_).as_source(graph_->source()->name())), std::move(changes_),
            bodies_.calls_that_stay()};
  }

 private:
  std::vector<bool> reached_functions() const {
    std::vector<bool> reached(library_.functions().size());
    std::vector<std::size_t> work;
    const auto reach = [&](const CallSite& site) {
      for (const Callee& callee : site.callees) {
        if (reached[callee.function]) continue;
        reached[callee.function] = true;
        work.push_back(callee.function);
      }
    };
    for (const auto& [node, site] : calls_.of_graph()) {
      if (trained_[node]) reach(site);
    }
    while (!work.empty()) {
      const std::size_t function = work.back();
      work.pop_back();
      for (const auto& [node, site] : calls_.of_function(function)) reach(site);
    }
    return reached;
  }

  void write(NodeId id) {
    const auto found = calls_.of_graph().find(id);
    const bool may_change = found != calls_.of_graph().end() && trained_[id];
    if (!may_change || !write_call(id, found->second)) {
      nodes_.add(graph_->source(), graph_->field(id));
      rest_.keep(decode_node(graph_->skeleton(id)));
    }
  }

  bool is_taken(const std::string& name) const {
    return graph_->find(name) != kNoNode || names_.contains(name);
  }

  // False where nothing is to be done.
  bool write_call(NodeId id, const CallSite& site) {
    NodeDef call = graph_->node_def(id);
    const auto taken = [&](const std::string& name) { return is_taken(name); };
    if (bodies_.writes_out(call, site, thaw::quoted(call.name), taken)) {
      write_out(call, bodies_.of(site.callees[0].function).function);
      return true;
    }
    if (!bodies_.follows(site)) return false;
    bodies_.follow(call, site);
    changes_.push_back({"F2", call.name, "calls another function"});
    add_to(nodes_, call);
    return true;
  }

  void write_out(const NodeDef& call, const FunctionDef& function) {
    const CallExpansion made = expand_call(call, function, {false, has_control_flow_}, library_);
    changes_.push_back({"F5", call.name, "call of " + function.name + " written out"});
    add_to(nodes_, made.result);
    for (const NodeDef& node : made.added) {
      changes_.push_back({"F5", node.name, "part of " + call.name});
      names_.insert(node.name);
      add_to(added_, node);
    }
  }

  void add_to(Recipe& place, const NodeDef& node) {
    place.add(encode_graph_node(node));
    rest_.keep(node);
  }

  std::shared_ptr<const Graph> graph_;
  const Library library_;
  const FunctionCalls calls_;
  std::vector<bool> trained_;
  bool has_control_flow_;
  FunctionBodies bodies_;
  RestOfBodies rest_;
  Recipe nodes_, added_;
  std::unordered_set<std::string> names_;
  std::vector<Change> changes_;
};

}  // namespace

WrittenCalls write_out_calls(const std::shared_ptr<const Graph>& graph, const std::vector<NodeId>& weights,
                             bool expand_cells, std::uint64_t most) {
  if (!graph->has_library()) return {graph, {}, {}};
  return RootWriter(graph, weights, expand_cells, most).run();
}

}  // namespace thaw::internal
