#include "verbs/graph_ends.h"

#include <algorithm>
#include <array>

#include "names/scopes.h"
#include "ops/op_table.h"
#include "ops/variable_op.h"
#include "passes/variable_users.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

bool gives_input(Bytes op) {
  return op.starts_with("Placeholder") || op.starts_with("Iterator") || op.starts_with("QueueDequeue") ||
         op.starts_with("ReaderRead");
}

bool saves(Bytes op) {
  return op.starts_with("Save") || op.starts_with("Restore") || op == "MergeV2Checkpoints" ||
         op == "ShardedFilename";
}

bool watches(Bytes op) {
  return op.ends_with("Summary") || op.ends_with("SummaryV2") || op.starts_with("Print") || op == "Assert" ||
         op == "NoOp" || op.starts_with("QueueEnqueue") || op.starts_with("QueueClose");
}

// "gradients", "gradients_1": of tf.gradients.
bool is_gradient(Bytes name) {
  return std::ranges::any_of(components_of(name), [](Bytes component) {
    if (!component.starts_with("gradients")) return false;
    const Bytes rest = component.substr(Bytes("gradients").size());
    return rest.empty() || (rest.starts_with("_") && rest.find_first_not_of("0123456789", 1) == Bytes::npos);
  });
}

bool gives_output(Bytes op) {
  const OpInfo* info = find_op(op);
  return info == nullptr || !info->outputs.empty();
}

class EndFinder {
 public:
  explicit EndFinder(const Graph& graph) : graph_(graph) {}

  std::vector<std::string> run() {
    std::vector<bool> fed = behind([](Bytes op, Bytes) { return gives_input(op); }, true);
    if (std::ranges::find(fed, true) == fed.end()) fed.flip();  // nothing is fed to this graph
    const std::vector<bool> varying = behind([](Bytes op, Bytes) { return is_variable_op(op); }, true);
    const std::vector<bool> upkeep =
        behind([](Bytes op, Bytes name) { return saves(op) || is_gradient(name); }, false);
    std::vector<std::string> ends;
    const auto leads_on = [&](NodeId id) {
      const Bytes op = graph_.op(id);
      return !upkeep[id] && !changes_variables(op) && !watches(op) && gives_output(op);
    };
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (!fed[id] || !varying[id] || !leads_on(id)) continue;
      const auto goes_on = [&](const Edge& taker) { return !taker.is_control() && leads_on(taker.node); };
      if (std::ranges::none_of(graph_.consumers(id), goes_on)) ends.emplace_back(graph_.name(id));
    }
    if (ends.empty()) fail();
    return ends;
  }

 private:
  // These nodes and all that takes what they give; through control edges only where `data_only` is not set.
  template <typename IsOne>
  std::vector<bool> behind(const IsOne& is_one, bool data_only) const {
    std::vector<bool> reached(graph_.node_count());
    std::vector<NodeId> work;
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      reached[id] = is_one(graph_.op(id), graph_.name(id));
      if (reached[id]) work.push_back(id);
    }
    while (!work.empty()) {
      const NodeId id = work.back();
      work.pop_back();
      for (const Edge& taker : graph_.consumers(id)) {
        if (reached[taker.node] || (data_only && taker.is_control())) continue;
        reached[taker.node] = true;
        work.push_back(taker.node);
      }
    }
    return reached;
  }

  [[noreturn]] static void fail() {
    throw Error(ErrorKind::usage,
                "has no signature, and nothing in it is computed from an input and a variable",
                "outputs to thaw", "name them with --outputs");
  }

  const Graph& graph_;
};

}  // namespace

std::vector<std::string> graph_ends(const Graph& graph) { return EndFinder(graph).run(); }

}  // namespace thaw::internal
