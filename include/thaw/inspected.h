// What inspect() found in a file: owned strings and numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "thaw/error.h"
#include "thaw/plan.h"
#include "thaw/report.h"
#include "thaw/tensor.h"

namespace thaw {

// The numbers in a tensor. NaN and infinities are in no figure but their own.
struct TensorStatistics {
  std::uint64_t numbers = 0;  // elements, all of them
  std::uint64_t zeros = 0, nans = 0, infinities = 0;
  // Of the finite numbers; nothing when there are none. The deviation divides by their count.
  std::optional<double> min, max, mean, deviation;
};

struct InspectedTensor {
  std::string key;   // what the signature calls it; empty without one
  std::string name;  // "x:0"
  DType dtype = DType::invalid;
  Shape shape;
  std::string why;  // "Placeholder", "no other node takes it", "signature 'serving_default'"
};

struct InspectedSignature {
  std::string name, method;
  std::vector<InspectedTensor> inputs, outputs;
};

// A tool that passed over the graph, told by a mark that it leaves.
struct InspectedTool {
  std::string tool, mark;
  std::size_t count = 0;  // of nodes that have the mark; 0: it is no matter of nodes
  std::string example;    // one of these
};

// What tf.gradients does when it meets an operation.
enum class OpGradient : std::uint8_t {
  passes,
  none,     // raises an error
  stops,    // ends there: nothing before it is trained through it
  unknown,  // TensorFlow does not have the operation
};

struct InspectedOp {
  std::string op;
  std::size_t nodes = 0;               // of the graph itself
  std::size_t nodes_of_functions = 0;  // each function counted once, called or not
  OpGradient gradient = OpGradient::passes;
};

// A frozen weight, or a variable that is still one.
struct InspectedWeight {
  std::string name;
  std::string node;               // the constant's or variable's
  std::vector<std::string> keys;  // in a checkpoint, of a variable
  DType dtype = DType::invalid;
  Shape shape;
  std::uint64_t bytes = 0;
  Role role = Role::trainable;
  bool frozen = true;    // a constant
  bool derived = false;  // see Decision
  bool has_value = true;
  Reasons reasons = {};                               // of a constant
  std::optional<ReportedPlace> place = std::nullopt;  // in a function
  std::optional<TensorStatistics> statistics = std::nullopt;
  DType stored = DType::invalid;  // the type in which the file holds it, where that is a shorter one
};

struct InspectedTotal {
  std::size_t tensors = 0;
  std::uint64_t numbers = 0, bytes = 0;
};

struct InspectedBlock {
  std::string op;
  std::size_t nodes = 0;
  std::string node;      // one of these
  std::string function;  // that it is in; empty outside of functions
};

// Whether gradients get from the outputs to the weights.
struct InspectedTraining {
  std::size_t trainable = 0;
  std::size_t reached = 0;              // trainable weights that some gradient reaches
  std::vector<InspectedBlock> blocked;  // operations without a gradient on the way
  std::vector<InspectedBlock> unknown;  // operations on the way that TensorFlow does not have
  std::size_t derived = 0;              // weights that hold folded numbers
  std::optional<ReportedControlFlow> control_flow;
};

// Everything below a scope; "." is all there is.
struct InspectedScope {
  std::string name;
  std::size_t nodes = 0, weights = 0;
  std::uint64_t parameters = 0, bytes = 0;
};

// Why thaw_model would not take it.
struct InspectedRefusal {
  std::string problem, hint;
};

// A GraphDef, or one MetaGraph of several.
struct InspectedGraph {
  std::vector<std::string> tags;
  std::string tensorflow_version, tensorflow_git_version;  // as the file says; may be empty
  std::string made_by;  // "TensorFlow 1.13.1", or a guess by the producer; empty: nothing tells
  std::optional<std::int64_t> producer;
  std::vector<InspectedTool> tools;

  std::vector<InspectedTensor> inputs, outputs;
  std::vector<InspectedSignature> signatures;
  std::size_t nodes = 0, functions = 0, function_nodes = 0;
  std::vector<InspectedOp> ops;  // sorted by name

  std::vector<InspectedWeight> weights;        // sorted by name
  InspectedTotal trainable, statistic, state;  // weights by their roles
  InspectedTotal constants;                    // Const nodes of the graph itself, whatever they are
  std::size_t kept_count = 0;                  // constants of the program
  std::vector<ReportedConstant> unsure;        // constants that may be weights
  std::vector<InspectedScope> scopes;          // only with InspectOptions::tree_depth; sorted by name
  InspectedTraining training;
  std::optional<InspectedRefusal> refusal;
  std::vector<std::string> warnings;
};

struct InspectedEntry {
  std::string key, name;  // the same, but for object checkpoints
  DType dtype = DType::invalid;
  Shape shape;
  std::uint64_t bytes = 0;
  std::string kind;  // "slot of Adam", "step"; empty: a weight, as far as names tell
  std::optional<TensorStatistics> statistics = std::nullopt;
};

struct InspectedCheckpoint {
  std::string prefix, format;
  std::vector<InspectedEntry> entries;  // sorted by key
  InspectedTotal total, weights;        // all entries; those of no `kind`
  std::vector<InspectedScope> scopes;   // of names; only with InspectOptions::tree_depth
};

struct InspectReport {
  std::string path, format;
  std::uint64_t bytes = 0;  // of all files
  std::vector<ReportedFile> files;
  std::vector<InspectedGraph> graphs;  // none: a checkpoint without one
  std::optional<InspectedCheckpoint> checkpoint;
  std::vector<std::string> warnings;
  std::vector<Error> unmatched;  // one for each pattern that fits no name here
};

std::string_view name_of(OpGradient gradient);

}  // namespace thaw
