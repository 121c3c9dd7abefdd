#include "compare/prove_cases.h"

#include <algorithm>
#include <map>
#include <set>

#include "compare/compare_values.h"
#include "draft/case_expansion.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

class CaseProver {
 public:
  CaseProver(const Graph& before, const Graph& after) : was_(before), is_(after) {}

  void run() {
    for (NodeId id = 0; id < was_.node_count(); ++id) {
      if (is_case(was_.op(id)) && is_.op(id) == "Switch") follow(id);
    }
    for (NodeId id = 0; id < was_.node_count(); ++id) {
      if (chains_.contains(id)) {
        compare_chain(id);
      } else {
        compare(id);
      }
    }
    for (auto id = static_cast<NodeId>(was_.node_count()); id < is_.node_count(); ++id) {
      if (!explained_.contains(id)) fail(id, "was added");
    }
  }

 private:
  bool is_added(NodeId id) const { return id >= was_.node_count(); }

  // The Switches that stand for one node.
  void follow(NodeId id) {
    const std::size_t branches = branches_of(was_.node_def(id));
    if (branches == 0) fail(id, "was changed");
    std::vector<NodeId>& chain = chains_[id];
    chain.push_back(id);
    const std::string below = std::string(was_.name(id)) + "/expanded";
    while (chain.size() + 1 < branches) chain.push_back(next_of(chain.back(), below));
  }

  NodeId next_of(NodeId id, const std::string& below) const {
    for (const Edge& consumer : is_.consumers(id)) {
      const bool next = is_added(consumer.node) && consumer.port == 0 && is_.op(consumer.node) == "Switch" &&
                        is_.name(consumer.node).starts_with(below) &&
                        is_.inputs(consumer.node)[0] == Edge{id, 0};
      if (next) return consumer.node;
    }
    fail(id, "is cut");
  }

  Edge now(const Edge& edge) const {
    const auto chain = chains_.find(edge.node);
    if (chain == chains_.end() || edge.is_control()) return edge;
    const std::vector<NodeId>& all = chain->second;
    if (edge.port < all.size()) return {all[edge.port], 1};
    return {all.back(), edge.port == all.size() ? 0 : edge.port + 1};
  }

  std::string text_of(const Edge& edge) const {
    return edge.is_control() ? "^" + std::string(is_.name(edge.node))
                             : format_input(is_.name(edge.node), edge.port);
  }

  void compare_chain(NodeId id) {
    const std::vector<NodeId>& chain = chains_.at(id);
    const std::vector<std::string> tests = tests_of(id, chain);
    CaseExpansion expected = expand_case(moved(id), tests, "");
    if (encoded_node(expected.first) != encoded_node(is_.node_def(id))) fail(id, "is another Switch");
    for (std::size_t k = 1; k < chain.size(); ++k) {
      NodeDef& part = expected.added[k - 1];
      part.name = is_.name(chain[k]);
      part.inputs[0] = is_.name(chain[k - 1]);
      if (encoded_node(part) != encoded_node(is_.node_def(chain[k]))) fail(chain[k], "is another Switch");
      explained_.insert(chain[k]);
    }
  }

  std::vector<std::string> tests_of(NodeId id, const std::vector<NodeId>& chain) {
    const Edge given = was_.inputs(id)[1];
    Edge index = now(given);
    std::vector<std::string> tests;
    for (std::size_t k = 0; k < chain.size(); ++k) {
      const std::span<const Edge> inputs = is_.inputs(chain[k]);
      if (inputs.size() < 2 || !is_test(inputs[1])) fail(chain[k], "asks for something else");
      if (k > 0) index = guarded(inputs[1], index, tests.back());
      const NodeId test = inputs[1].node, number = is_.inputs(test)[1].node;
      expect(test, branch_test(std::string(is_.name(test)), text_of(index), std::string(is_.name(number))));
      expect(number, branch_number(std::string(is_.name(number)), std::string(is_.name(given.node)), k));
      tests.push_back(text_of(inputs[1]));
    }
    return tests;
  }

  bool is_test(const Edge& test) const {
    const std::span<const Edge> inputs = is_.inputs(test.node);
    return is_added(test.node) && test.port == 0 && inputs.size() == 2 && is_added(inputs[1].node);
  }

  // The index that a test takes where the one before it did not hold.
  Edge guarded(const Edge& test, const Edge& index, const std::string& before) {
    const Edge guard = is_.inputs(test.node)[0];
    if (!is_added(guard.node) || guard.port != 0) fail(test.node, "takes another index");
    expect(guard.node, guarded_index(std::string(is_.name(guard.node)), text_of(index), before));
    return guard;
  }

  void expect(NodeId id, const NodeDef& node) {
    if (encoded_node(node) != encoded_node(is_.node_def(id))) fail(id, "is not what a Case needs");
    explained_.insert(id);
  }

  // The node as it was, taking what stands for its inputs now.
  NodeDef moved(NodeId id) const {
    NodeDef node = was_.node_def(id);
    const std::span<const Edge> inputs = was_.inputs(id);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const Edge edge = now(inputs[i]);
      if (edge != inputs[i]) node.inputs[i] = text_of(edge);
    }
    return node;
  }

  void compare(NodeId id) {
    const bool moves =
        std::ranges::any_of(was_.inputs(id), [&](const Edge& input) { return now(input) != input; });
    const bool same = moves ? encoded_node(moved(id)) == encoded_node(is_.node_def(id))
                            : was_.skeleton(id) == is_.skeleton(id);
    if (!same) fail(id, "was changed");
    if (!moves && !same_large_tensors(was_, id, is_, id)) fail(id, "holds other numbers");
  }

  [[noreturn]] void fail(NodeId id, const std::string& what) const {
    throw Error(ErrorKind::bug,
                "writing out _SwitchN changed the graph: node " + thaw::quoted(is_.name(id)) + " " + what,
                "the same node, or a chain of Switches",
                "nothing was published; please report this with the model");
  }

  const Graph& was_;
  const Graph& is_;
  std::map<NodeId, std::vector<NodeId>> chains_;
  std::set<NodeId> explained_;
};

}  // namespace

void prove_cases(const Graph& before, const Graph& after) {
  if (&before != &after) CaseProver(before, after).run();
}

}  // namespace thaw::internal
