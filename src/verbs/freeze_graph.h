// The middle of freezing: a draft in which variables are constants; nothing is written yet.
#pragma once

#include "passes/freeze_variables.h"
#include "subject/open_subject.h"
#include "thaw/freeze.h"

namespace thaw::internal {

struct FrozenInFunction {
  std::string function, node;
  std::string key;
  Value value;
};

struct FrozenGraph {
  explicit FrozenGraph(const Model& model)
      : library(std::make_shared<const Library>(*model.graph)), draft(model.graph) {}

  std::shared_ptr<const Library> library;  // of the input
  Draft draft;
  std::vector<VariableToFreeze> variables;  // in the graph's order
  std::vector<std::string> keys;            // in the checkpoint, of each
  std::vector<ReportedState> state;
  std::vector<NodeId> changed;  // those that stay because nodes change them, though they have a value
  std::vector<Change> function_changes;
  std::size_t pruned = 0;
  std::vector<std::size_t> functions;  // of the file: what they are or were made from
  std::size_t functions_frozen = 0;    // those that were made
  std::string signature;               // the name of the one that was chosen
  std::vector<ReportedTensor> inputs, outputs;
  std::vector<std::string> lost_waits;  // reads that waited for other operations
  // Weights of functions, put back into them; `variables` has none of them.
  std::vector<FrozenInFunction> in_functions = {};
  bool is_original = false;           // all of the file that the graph was thawed from, and nothing else
  std::string why_not_original = {};  // of a thawed graph that was edited: a sentence
};

// What becomes of a variable with a value that nodes of the graph change.
enum class ChangedVariables : std::uint8_t { refuse, keep };

// Throws usage for options that name nothing, missing_values for variables without values, malformed for
// those that do not fit, unsupported where a variable is changed.
FrozenGraph freeze_graph(const Model& model, const Subject& subject, const FreezeOptions& options,
                         ChangedVariables changed = ChangedVariables::refuse);

// The file; values are read when it is poured. Throws unsupported above 2 GiB.
Recipe write_frozen(const FrozenGraph& frozen);

}  // namespace thaw::internal
