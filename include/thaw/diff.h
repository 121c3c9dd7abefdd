// What differs between any two things that Thaw reads: graphs node by node, weights bit by bit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "thaw/destination.h"
#include "thaw/graph_difference.h"
#include "thaw/report.h"
#include "thaw/rules_text.h"
#include "thaw/tensor.h"

namespace thaw {

enum class DiffPart : std::uint8_t { all, weights, graph };

struct DiffOptions {
  DiffPart part = DiffPart::all;
  std::vector<std::string> match;   // patterns: only nodes, functions and weights of these names
  std::vector<std::string> rename;  // "RE=REPL", first match wins: names of A before they are compared
  std::vector<RulesText> rules;     // the same, one a line; tried after `rename`
  std::string tag_set;              // of SavedModels: which MetaGraph, as "serve,gpu"
  std::optional<double> tolerance;  // numbers that are no further apart count as the same; else bits do

  std::function<bool()> stop;  // asked now and then; true ends in Error interrupted
  // Bytes of weights compared so far, and in all.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

// One of the two that were compared.
struct DiffSide {
  std::string path, format;
  std::uint64_t bytes = 0;             // of its file or files
  std::optional<std::size_t> nodes;    // nothing: it has no graph
  std::optional<std::size_t> weights;  // nothing: it has none, or they were not asked for
};

enum class WeightChange : std::uint8_t {
  values,   // same type and shape, other numbers
  shape,    // another shape, perhaps another type, too
  dtype,    // another type, the same shape
  only_a,   // B has none of that name
  only_b,   // A has none of that name
  renamed,  // the same bits, and no other weights with them, under another name
  unknown,  // one side has no value for it
};

struct WeightDifference {
  WeightChange change = WeightChange::values;
  std::string name;        // in A; of `only_b` in B
  std::string other_name;  // in B, where it is another one
  std::string state;       // "slot of Adam": what it is to training; empty for weights
  DType dtype_a = DType::invalid, dtype_b = DType::invalid;  // invalid where there is none
  Shape shape_a, shape_b;
  std::optional<ValueDelta> delta;  // of `values`
  // No difference: only one side can have it, as a frozen graph holds no state of training and nothing that
  // its outputs do not need; or its name was lost by freezing.
  bool expected = false;
};

struct DiffReport {
  DiffSide a, b;

  bool weights_compared = false;
  std::size_t weights_equal = 0;
  std::size_t weights_within = 0;         // of those: not the same bits, but within the tolerance
  std::vector<WeightDifference> weights;  // by change, then by name

  bool graph_compared = false;
  std::string graph_note;  // why graphs were not compared, when both have one
  GraphDifference graph;

  std::vector<std::string> warnings;

  bool differs() const;  // whatever is not expected
};

// A and B: models, SavedModels, checkpoints and files of Keras weights, read through `files`. Throws usage,
// input_io, malformed, unsupported, interrupted.
DiffReport diff_models(const std::filesystem::path& a, const std::filesystem::path& b,
                       const DiffOptions& options = {},
                       const std::shared_ptr<Destination>& files = posix_destination());

struct DiffStyle : TextStyle {
  bool stat = false;  // how many of each kind, no names
};

// One screen for people; not to be parsed.
std::string to_text(const DiffReport& report, const DiffStyle& style = {});
// One line, "schema": "thaw.diff/1"; docs/schemas/diff.json describes it.
std::string to_json(const DiffReport& report);

std::string_view name_of(WeightChange change);

}  // namespace thaw
