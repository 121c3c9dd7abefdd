// What a run of thaw_model did: owned strings and numbers, made from the plan, the draft and the proof.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "thaw/plan.h"
#include "thaw/saved_model_report.h"
#include "thaw/tensor.h"
#include "thaw/training_report.h"

namespace thaw {

// Where a constant of a function is.
struct ReportedPlace {
  std::string function;
  std::string node;  // its name there
};

struct ReportedVariable {
  std::string name;
  std::string node;  // the constant's name in the input; options know those of functions by it, too
  std::string key;   // in the checkpoint
  DType dtype = DType::invalid;
  Shape shape;
  std::uint64_t bytes = 0;
  Role role = Role::trainable;
  bool derived = false;
  Reasons reasons;
  std::optional<ReportedPlace> place = std::nullopt;  // in a function
  DType stored = DType::invalid;  // the type in which the input holds it, where that is a shorter one
};

struct ReportedConstant {
  std::string node;
  DType dtype = DType::invalid;
  Shape shape;
  Reasons reasons;
  std::optional<ReportedPlace> place = std::nullopt;  // in a function
};

struct ReportedChange {
  std::string rule;
  std::string node;
  std::string what;
};

struct ReportedFile {
  std::string path;
  std::uint64_t bytes = 0;
};

// A while loop of TensorFlow 1.
struct ReportedLoop {
  std::string frame;
  std::uint32_t depth = 1;  // 1: in no other loop or branch
  std::size_t variables = 0;
  bool trains = true;  // gradients pass it and all that lies in it
};

struct ReportedOp {
  std::string node;
  std::string op;
};

// Loops and branches (Enter, Switch, Merge): what was repaired and whether gradients pass.
struct ReportedControlFlow {
  std::vector<ReportedLoop> loops;
  std::size_t conds = 0;
  std::size_t blocked_conds = 0;               // those that gradients do not pass
  std::map<std::string, std::size_t> repairs;  // by rule: X0 to X7, H1, H2
  std::vector<ReportedOp> without_gradient;    // TensorFlow has none for them
  std::vector<std::string> problems;           // structures for which no context can be written
};

struct ThawReport {
  std::string source_path;
  std::uint64_t source_bytes = 0;
  std::string source_format;
  std::optional<std::int64_t> producer;  // GraphDef.versions.producer
  std::size_t nodes = 0;

  std::vector<ReportedTensor> inputs, outputs;
  std::vector<ReportedVariable> variables;  // in the checkpoint's order
  std::vector<std::string> added_state;     // keys of an optimizer's state, in the checkpoint only
  std::optional<ReportedCarried> carried;   // nothing for a model without variables
  std::vector<std::string> locals;          // left-over variables, now local
  std::vector<std::string> local_initializers;
  std::optional<ReportedControlFlow> control_flow;  // nothing in a graph without any
  std::vector<ReportedDropout> dropouts;            // in the graph's order
  std::vector<std::string> unfolded;                // scopes of batch norms that were folded
  std::optional<ReportedBatchNorms> batch_norms;    // only with BatchNorms::batch
  std::optional<ReportedFloatOps> float_ops;        // where they were asked for
  std::size_t kept_count = 0;
  std::map<std::string, std::size_t> change_counts;  // by rule
  std::vector<ReportedConstant> unsure;
  std::vector<ReportedConstant> kept;   // only with ThawOptions::list_all
  std::vector<ReportedChange> changes;  // the same
  std::vector<std::string> warnings;

  std::string prefix;               // empty: no checkpoint, only a SavedModel
  std::string target_tf;            // the release that the graph is for, "1.15"; empty for any
  std::vector<ReportedFile> files;  // empty after a dry run
  std::optional<ReportedSavedModel> saved_model;
  bool dry_run = false;
  VariableStyle style = VariableStyle::resource;
  std::size_t nodes_equal = 0, nodes_explained = 0;  // the proof of structure
  std::size_t functions_equal = 0, functions_explained = 0;
  bool values_verified = false;  // every byte was read back and compared
};

class Error;

struct TextStyle {
  bool color = false;
  bool verbose = false;  // every kept constant, variable and change
};

// One screen for people; not to be parsed.
std::string to_text(const ThawReport& report, const TextStyle& style = {});
// One line, "schema": "thaw.thaw/1"; docs/schemas/thaw.json describes it.
std::string to_json(const ThawReport& report);
// "schema": "thaw.error/1".
std::string to_json(const Error& error);
// "error: ..." and its lines about what was expected and what to try.
std::string to_text(const Error& error, const TextStyle& style = {});

// "passes", "scales", "drops".
std::string_view name_of(DropoutState state);
// "trainable", "statistic", "state", "none".
std::string_view name_of(Role role);

}  // namespace thaw
