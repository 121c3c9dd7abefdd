#include "weights/recovered_names.h"

#include <unordered_map>
#include <unordered_set>

#include "names/recover_name.h"
#include "ops/op_slots.h"
#include "weights/uses.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kMostPassed = 512;

bool passes_through(Bytes op) { return op == "Identity" || op == "Enter" || op == "Switch" || op == "Merge"; }

// The constant with its copies, and what surrounds them, as names see it.
ConstantFacts facts_of(const Graph& graph, NodeId constant, const std::vector<NodeId>& copies) {
  ConstantFacts facts;
  facts.constant = graph.name(constant);
  facts.shape = graph.tensor_head(constant, "value").value_or(TensorHead{}).shape.dims();
  std::vector<NodeId> work{constant};
  // A copy has the name of the read in whose place it is.
  for (const NodeId copy : copies) {
    facts.readers.emplace_back(graph.name(copy));
    work.push_back(copy);
  }
  std::unordered_set<NodeId> seen(work.begin(), work.end());
  for (std::size_t next = 0; next < work.size() && next < kMostPassed; ++next) {
    for (const Edge& consumer : graph.consumers(work[next])) {
      if (consumer.is_control()) continue;
      const Bytes op = graph.op(consumer.node);
      const bool passes = passes_through(op) ||
                          is_transparent(op, consumer.port, data_input_count(graph.inputs(consumer.node)));
      if (op == "Identity") facts.readers.emplace_back(graph.name(consumer.node));
      if (!passes)
        facts.uses.push_back(
            {std::string(op), static_cast<int>(consumer.port), std::string(graph.name(consumer.node))});
      if (passes && seen.insert(consumer.node).second) work.push_back(consumer.node);
    }
  }
  return facts;
}

using Copies = std::unordered_map<NodeId, std::vector<NodeId>>;

Copies copies_in(const std::vector<Decision>& decisions) {
  Copies copies;
  for (const Decision& decision : decisions) {
    if (decision.verdict == Verdict::tied) copies[decision.tied_to].push_back(decision.node);
  }
  return copies;
}

// What the object of a variable is called, unless some node has the name already.
std::string carried_name(const Graph& graph, const CarriedVariables* carried, Decision& decision) {
  std::string own(graph.name(decision.node));
  const CarriedVariable* was = carried == nullptr ? nullptr : carried->find(decision.node);
  if (was == nullptr || was->name.empty() || was->name == own || graph.find(was->name) != kNoNode) return own;
  decision.reasons.push_back({"M7", "", -1});
  return was->name;
}

}  // namespace

std::vector<std::string> recover_variable_names(const Graph& graph, const CarriedVariables* carried,
                                                std::vector<Decision>& decisions) {
  std::vector<std::string> names;
  std::vector<ConstantFacts> facts;
  std::vector<std::size_t> places;
  Copies copies = copies_in(decisions);
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    names.emplace_back();
    if (decisions[i].verdict != Verdict::variable) continue;
    names.back() =
        decisions[i].carried ? carried_name(graph, carried, decisions[i]) : graph.name(decisions[i].node);
    if (decisions[i].carried) continue;
    facts.push_back(facts_of(graph, decisions[i].node, copies[decisions[i].node]));
    places.push_back(i);
  }
  const auto recovered = recover_names(facts, [&](Bytes name) { return graph.find(name) != kNoNode; });
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!recovered[i]) continue;
    names[places[i]] = recovered[i]->name;
    decisions[places[i]].reasons.push_back({recovered[i]->rule, "", -1});
  }
  return names;
}

}  // namespace thaw::internal
