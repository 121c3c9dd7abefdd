#include "compare/compare_graphs.h"

#include <algorithm>

#include "compare/frozen_nodes.h"
#include "compare/function_comparison.h"
#include "compare/function_pairs.h"
#include "compare/graph_rest.h"
#include "compare/node_comparison.h"
#include "model/library.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kBetweenStops = 4096;  // nodes

class GraphComparison {
 public:
  GraphComparison(const Graph& a, const Graph& b, const CompareWishes& wishes)
      : a_(a),
        b_(b),
        wishes_(wishes),
        elements_{wishes.tolerance, {wishes.stop, {}}},
        comparison_(names_, elements_),
        image_(a.node_count(), kNoNode),
        met_(b.node_count()) {}

  GraphDifference run() {
    const Library functions_a(a_), functions_b(b_);
    const std::vector<FunctionPair> pairs = pair_functions(functions_a, functions_b, names_);
    map_nodes();
    if (wishes_.frozen) map_reads();
    for (NodeId id = 0; id < a_.node_count(); ++id) compare_node(id);
    list_rest();
    compare_all_functions(functions_a, functions_b, pairs);
    compare_rest(a_, functions_a, b_, functions_b, names_, found_);
    return std::move(found_);
  }

 private:
  bool is_wanted(Bytes name, Bytes other) const {
    return !wishes_.wanted || wishes_.wanted(name) || (!other.empty() && wishes_.wanted(other));
  }

  std::string name_of(const Graph& graph, NodeId id) const { return std::string(graph.name(id)); }

  void map_nodes() {
    for (NodeId id = 0; id < a_.node_count() && wishes_.same_nodes != nullptr; ++id) {
      const auto same = wishes_.same_nodes->find(name_of(a_, id));
      if (same != wishes_.same_nodes->end()) map_node(id, same->second);
    }
    for (NodeId id = 0; id < a_.node_count(); ++id) {
      if (image_[id] != kNoNode) continue;
      std::optional<std::string> renamed;
      if (wishes_.rename != nullptr) renamed = wishes_.rename->apply(a_.name(id));
      if (renamed && *renamed != a_.name(id)) {
        map_node(id, *renamed);
      } else if (const NodeId other = b_.find(a_.name(id), id); other != kNoNode) {
        take(id, other);
      }
    }
  }

  void map_node(NodeId id, const std::string& name) {
    names_.nodes.insert_or_assign(name_of(a_, id), name);
    const NodeId other = b_.find(name);
    if (other != kNoNode) take(id, other);
  }

  void take(NodeId id, NodeId other) {
    if (met_[other] && wishes_.rename != nullptr) fail_twice(b_.name(other));
    if (met_[other]) return;
    image_[id] = other;
    met_[other] = true;
  }

  // Who takes a read that was put in takes what the variable has become.
  void map_reads() {
    for (NodeId id = 0; id < a_.node_count(); ++id) {
      const NodeId variable = image_[id] == kNoNode ? read_variable(a_, id) : kNoNode;
      if (variable != kNoNode) names_.nodes[name_of(a_, id)] = names_.node(name_of(a_, variable));
    }
    for (NodeId id = 0; id < b_.node_count(); ++id) {
      const NodeId variable = met_[id] ? kNoNode : read_variable(b_, id);
      if (variable != kNoNode) names_.reads[name_of(b_, id)] = name_of(b_, variable);
    }
  }

  [[noreturn]] static void fail_twice(Bytes name) {
    throw Error(ErrorKind::usage, "two nodes would be called " + thaw::quoted(name) + " by the rules",
                "one name for each node", "let --rename match fewer names");
  }

  void compare_node(NodeId id) {
    if (id % kBetweenStops == 0 && wishes_.stop && wishes_.stop())
      throw Error(ErrorKind::interrupted, "stopped");
    const NodeId other = image_[id];
    if (other == kNoNode) return;
    if (same_skeletons(id, other)) {
      ++found_.nodes.equal;
      return;
    }
    try {
      compare_nodes(id, other);
    } catch (Error& error) {
      throw error.at("node " + thaw::quoted(a_.name(id)));
    }
  }

  // Byte for byte, with nothing left in the file.
  bool same_skeletons(NodeId id, NodeId other) const {
    return names_.nodes.empty() && names_.reads.empty() && a_.skeleton(id) == b_.skeleton(other) &&
           !a_.has_large_tensor(id) && !b_.has_large_tensor(other);
  }

  void compare_nodes(NodeId id, NodeId other) {
    const NodeDef was = a_.node_def(id), is = b_.node_def(other);
    if (wishes_.frozen && is_frozen(was, is)) {
      ++found_.frozen;
      return;
    }
    const bool known = wishes_.known_values != nullptr && wishes_.known_values->contains(was.name);
    std::vector<PartDifference> parts = comparison_.compare(was, is, NodeHome::graph, known);
    if (parts.empty()) {
      ++found_.nodes.equal;
    } else if (is_wanted(was.name, is.name)) {
      found_.nodes.changed.push_back(
          {was.name, was.name == is.name ? "" : is.name, was.op, std::move(parts)});
    }
  }

  bool is_frozen(const NodeDef& was, const NodeDef& is) const {
    return are_variable_and_constant(was, is) ||
           (are_reads(was, is) && comparison_.same_first_input(was, is));
  }

  void list_rest() {
    for (NodeId id = 0; id < a_.node_count(); ++id) {
      if (image_[id] == kNoNode) list(a_, id, found_.nodes.removed);
    }
    for (NodeId id = 0; id < b_.node_count(); ++id) {
      if (!met_[id]) list(b_, id, found_.nodes.added);
    }
    if (!wishes_.frozen) return;
    leave_out(a_, found_.nodes.removed);
    leave_out(b_, found_.nodes.added);
  }

  void list(const Graph& graph, NodeId id, std::vector<NamedNode>& nodes) const {
    if (is_wanted(graph.name(id), {})) nodes.push_back({name_of(graph, id), std::string(graph.op(id))});
  }

  // Freezing drops what nothing needs that it keeps, and reads. What else is needed shows as an input that
  // differs.
  void leave_out(const Graph& graph, std::vector<NamedNode>& nodes) {
    if (!has_variables(graph)) return;
    std::vector<NodeId> kept;
    for (NodeId id = 0; id < graph.node_count(); ++id) {
      const bool in_both = &graph == &a_ ? image_[id] != kNoNode : met_[id];
      if (in_both) kept.push_back(id);
    }
    const std::vector<bool> needed = needed_nodes(graph, kept);
    found_.left_out += std::erase_if(nodes, [&](const NamedNode& node) {
      const NodeId id = graph.find(node.name);
      return !needed[id] || read_variable(graph, id) != kNoNode;
    });
  }

  void compare_all_functions(const Library& a, const Library& b, const std::vector<FunctionPair>& pairs) {
    const NameChanges names{{}, names_.functions, {}};  // rules are about nodes of the graph
    std::vector<bool> in_a(a.functions().size()), in_b(b.functions().size());
    for (const FunctionPair& pair : pairs) {
      in_a[pair.a] = in_b[pair.b] = true;
      compare_pair(a.functions()[pair.a], b.functions()[pair.b], names);
    }
    list_functions(a, in_a, found_.functions_removed);
    list_functions(b, in_b, found_.functions_added);
  }

  void compare_pair(const FunctionDef& a, const FunctionDef& b, const NameChanges& names) {
    FunctionDifference difference = compare_functions(a, b, names, elements_);
    if (is_empty(difference)) {
      ++found_.functions_equal;
      if (a.name != b.name && is_wanted(a.name, b.name)) found_.functions_renamed.push_back({a.name, b.name});
    } else if (is_wanted(a.name, b.name)) {
      found_.functions_changed.push_back(std::move(difference));
    }
  }

  void list_functions(const Library& library, const std::vector<bool>& paired,
                      std::vector<std::string>& names) const {
    for (std::size_t i = 0; i < paired.size(); ++i) {
      const std::string& name = library.functions()[i].name;
      if (!paired[i] && is_wanted(name, {})) names.push_back(name);
    }
  }

  const Graph& a_;
  const Graph& b_;
  const CompareWishes& wishes_;
  ElementWishes elements_;
  NameChanges names_;
  NodeComparison comparison_;
  std::vector<NodeId> image_;  // B's node of each of A's
  std::vector<bool> met_;      // of B
  GraphDifference found_;
};

}  // namespace

GraphDifference compare_graphs(const Graph& a, const Graph& b, const CompareWishes& wishes) {
  return GraphComparison(a, b, wishes).run();
}

}  // namespace thaw::internal
