#include "checks/check_variables.h"

#include <algorithm>
#include <array>

#include "checks/node_names.h"
#include "ops/variable_op.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kFewReads = 8;
// Those whose messages are of this type (python/ops/variables.py and what registers it).
constexpr std::array<Bytes, 7> kVariableCollections{
    "variables",        "trainable_variables",      "local_variables", "model_variables",
    "metric_variables", "moving_average_variables", "global_step"};

// VariableDef: 1 variable_name, 2 initializer_name, 3 snapshot_name, 6 initial_value_name.
struct Declaration {
  Bytes variable, initializer, snapshot, initial_value;
};

Declaration read_declaration(Bytes message) {
  Declaration read;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.is_bytes(1)) read.variable = field.payload;
    if (field.is_bytes(2)) read.initializer = field.payload;
    if (field.is_bytes(3)) read.snapshot = field.payload;
    if (field.is_bytes(6)) read.initial_value = field.payload;
  }
  return read;
}

class DeclarationChecker {
 public:
  DeclarationChecker(const Model& model, const std::string& file, Findings& findings)
      : model_(model), graph_(*model.graph), file_(file), findings_(findings) {}

  void run() {
    for (const NamedMessage& collection : model_.envelope.collections) {
      if (std::ranges::find(kVariableCollections, collection.name) == kVariableCollections.end()) continue;
      who_ = "the collection " + thaw::quoted(collection.name);
      MessageReader reader(collection.message);
      for (FieldView list; reader.next(list);) {
        if (!list.is_bytes(2)) continue;
        MessageReader values(list.payload);
        for (FieldView value; values.next(value);) {
          if (value.is_bytes(1)) check(value.payload);
        }
      }
    }
  }

 private:
  void add(ProblemKind kind, Bytes node, FindingText text) {
    findings_.add(kind, {file_, std::nullopt, {}, std::string(node)}, std::move(text));
  }

  // The node; kNoNode for an empty name or, told, for one that is not in the graph.
  NodeId find(Bytes name) {
    if (name.empty()) return kNoNode;
    const NodeId node = find_named(graph_, name);
    if (node == kNoNode)
      add(ProblemKind::missing, name,
          {who_ + " names it, and it is not in the graph", "nodes of the same graph",
           "TensorFlow refuses to import such a file"});
    return node;
  }

  void check(Bytes message) {
    const Declaration said = read_declaration(message);
    const auto [before, is_new] = messages_.emplace(said.variable, message);
    // A graph that was imported again and again has each of them as often.
    if (!is_new && before->second != message) {
      add(ProblemKind::mismatch, said.variable,
          {"is declared in two ways, one of them in " + who_, "the same in every collection"});
    }
    const NodeId variable = find(said.variable);
    const NodeId initializer = find(said.initializer), snapshot = find(said.snapshot);
    find(said.initial_value);
    if (variable == kNoNode || !is_new) return;
    if (!is_variable_op(graph_.op(variable))) return check_other(said.variable, variable);
    if (snapshot != kNoNode && !leads_to(snapshot, variable))
      add(ProblemKind::mismatch, said.variable,
          {who_ + " has " + thaw::quoted(said.snapshot) + " for its reading", "a node that reads it"});
    if (initializer != kNoNode && !assigns(initializer, variable))
      add(ProblemKind::mismatch, said.variable,
          {who_ + " has " + thaw::quoted(said.initializer) + " for its initialiser",
           "a node that assigns it"});
  }

  // Collections may outlive freezing; then there is no checkpoint, either.
  void check_other(Bytes name, NodeId node) {
    add(ProblemKind::mismatch, name,
        {who_ + " declares it, and it is " + thaw::quoted(graph_.op(node)), "a node that holds a variable"});
  }

  bool leads_to(NodeId node, NodeId variable) const {
    for (std::size_t steps = 0; steps < kFewReads && node != variable; ++steps) {
      const auto inputs = graph_.inputs(node);
      if (inputs.empty() || inputs.front().is_control()) return false;
      node = inputs.front().node;
    }
    return node == variable;
  }

  // Directly, or for a group of assignments by what it waits for.
  bool assigns(NodeId node, NodeId variable) const {
    const auto inputs = graph_.inputs(node);
    const bool one = std::ranges::any_of(inputs, [&](const Edge& input) { return input.node == variable; });
    return one || leads_to(node, variable) ||
           std::ranges::any_of(inputs, [&](const Edge& input) { return leads_to(input.node, variable); });
  }

  const Model& model_;
  const Graph& graph_;
  const std::string& file_;
  Findings& findings_;
  std::string who_;
  std::map<std::string, std::string> messages_;  // by the variable's name
};

bool fits(const Shape& declared, const Shape& stored) {
  if (declared.unknown_rank()) return true;
  if (declared.rank() != stored.rank()) return false;
  for (std::size_t i = 0; i < declared.rank(); ++i) {
    if (declared.dims()[i] >= 0 && declared.dims()[i] != stored.dims()[i]) return false;
  }
  return true;
}

std::string kind_text(DType dtype, const Shape& shape) {
  return std::string(name_of(dtype)) + " " + shape.to_string();
}

void compare(const GraphVariable& variable, const std::string& key, const TensorKind& kind,
             const std::string& file, Findings& findings) {
  const Shape& declared = variable.place ? variable.place->full_shape : variable.shape;
  if (kind.dtype == variable.dtype && fits(declared, kind.shape)) return;
  findings.add(ProblemKind::mismatch, {file, std::nullopt, key, variable.name},
               {"is " + kind_text(kind.dtype, kind.shape) + " in the checkpoint",
                kind_text(variable.dtype, declared) + ", as the graph declares it"});
}

}  // namespace

void check_declarations(const Model& model, const std::string& file, Findings& findings) {
  DeclarationChecker(model, file, findings).run();
}

std::set<std::string> check_variables(const Model& model, const std::vector<GraphVariable>& variables,
                                      const StoredTensors& stored, const std::string& file,
                                      Findings& findings) {
  std::set<std::string> keys;
  std::size_t compared = 0;
  for (const GraphVariable& variable : variables) {
    keys.insert(variable.keys.begin(), variable.keys.end());
    if (variable.local) continue;
    bool found = variable.keys.empty();
    for (const std::string& key : variable.keys) {
      const auto stored_as = stored.tensors.find(key);
      if (stored_as == stored.tensors.end()) continue;
      found = true;
      ++compared;
      compare(variable, key, stored_as->second, file, findings);
    }
    // What the Saver names check_saver has looked for; other Savers may have other checkpoints.
    if (found || !stored.all || !model.envelope.saver.empty()) continue;
    findings.add(ProblemKind::missing, {file, std::nullopt, variable.keys.front(), variable.name},
                 {"a variable whose entry is not in the checkpoint", "an entry for every variable",
                  "is this the graph of the same model?"});
  }
  findings.describe(std::to_string(compared) + (compared == 1 ? " entry" : " entries") +
                    " as variables declare them");
  return keys;
}

}  // namespace thaw::internal
