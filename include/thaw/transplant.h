// Transplanting: a frozen model's weights under the names of somebody's own training code.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "thaw/plan.h"
#include "thaw/report.h"
#include "thaw/rules_text.h"
#include "thaw/tensor.h"

namespace thaw {

// Why a weight went where it went; in the order in which the stages are tried.
enum class MatchStage : std::uint8_t {
  rule,        // a rule of the user says so
  exact,       // the same name
  convention,  // the same name in another convention: weights for kernel
  scope,       // the same name below another scope
  numbers,     // the same place in a series: dense, dense_1 for dense_2, dense_3
  sibling,     // the same role in a layer of which another weight was matched
  structure,   // the only one of its shape on both sides
  order,       // by order among equals, as was asked
  average,     // the moving average of a weight that was matched
};

// Where the value of an entry came from.
enum class Origin : std::uint8_t {
  weight,   // the model
  reset,    // training state, as a new optimizer begins
  initial,  // the target's initialiser
  kept,     // the target's own value
  zero,     // asked for
};

// What is written, and what loads it.
enum class ResultKind : std::uint8_t {
  checkpoint,     // tf.train.Saver.restore
  keras_weights,  // model.load_weights
  keras_model,    // keras.models.load_model
  saved_model,    // tf.saved_model.load; a folder
};

enum class SlotWish : std::uint8_t { reset, keep };
enum class MissingWish : std::uint8_t { error, keep, zero };

struct TransplantOptions {
  // Which part of a model with variables is meant, see ThawOptions.
  std::string tag_set, signature;
  // Patterns: a name, a scope, or a regular expression that matches whole names.
  std::vector<std::string> thaw, keep;  // constants of the model, as for thaw_model
  bool float_ops = false;               // constants of quantized operations are weights, too
  std::vector<std::string> skip;        // weights and entries that take no part
  std::vector<std::string> rename;      // "RE=REPL", first match wins
  std::vector<RulesText> rules;         // the same, one a line; tried after `rename`
  std::string scope;                    // of the target's names
  std::string strip_prefix;             // taken from the front of the model's names
  std::vector<std::string> layout;      // "PATTERN=OIHW": the order of axes of entries in the target
  bool accept_order = false;            // match equals by their order
  SlotWish slots = SlotWish::reset;
  MissingWish missing = MissingWish::error;
  std::optional<std::uint64_t> seed;  // lets random initialisers of the target draw
  std::string optimizer;              // "adam": also entries for its state, for targets that have none
  std::optional<std::int64_t> global_step;

  bool force = false;       // replace an existing checkpoint; take derived weights too
  bool keep_state = false;  // leave an existing `checkpoint` file alone
  bool sync = true;         // everything is on the medium when the call returns
  bool verify = false;      // read every byte back and compare it with the source
  bool dry_run = false;     // plan only

  std::function<bool()> stop;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

struct TransplantedEntry {
  std::string key;
  DType dtype = DType::invalid;
  Shape shape;
  std::uint64_t bytes = 0;
  Origin origin = Origin::weight;
  MatchStage stage = MatchStage::exact;  // of weights
  std::string weight;                    // its name in the model
  std::string node;                      // its constant
  std::string why;                       // "slot of Adam", "scope 'model' added"
  std::string layout_rule;               // "T1" (docs/rules.md): the value is not as it lies in the model
  std::string layout;                    // "gates i, j, f, o as i, f, j, o"
  std::vector<std::string> joined;       // other weights of the model that are in it
};

// What keeps a plan from being complete, or is left over.
enum class FindingKind : std::uint8_t {
  missing,    // entries without a value
  mismatch,   // a name on both sides, of another type or shape
  ambiguous,  // several that cannot be told apart
  derived,    // folded numbers under the name of the variable that they were made from
  left_over,  // weights that the target has no place for
};

struct TransplantFinding {
  FindingKind kind = FindingKind::missing;
  std::vector<std::string> weights;  // names in the model
  std::vector<std::string> entries;  // names in the target
  std::string what;                  // the rest of the sentence
  std::string rule;                  // the option to paste that is likeliest to help; may be empty
};

struct TransplantReport {
  std::string source_path, source_format;
  std::uint64_t source_bytes = 0;
  std::string target_path, target_format;
  std::size_t target_entries = 0;

  bool complete = false;                    // otherwise nothing was written
  std::vector<TransplantedEntry> entries;   // sorted by key
  std::vector<TransplantFinding> findings;  // what speaks against, then what is left over
  std::vector<std::string> skipped;         // by `skip`
  std::vector<std::string> unfrozen;        // state of the model that has no value in the file
  std::size_t weights = 0;                  // that the model has
  std::vector<std::string> warnings;

  ResultKind result = ResultKind::checkpoint;
  std::string prefix;               // of a checkpoint; else the file or folder itself
  std::vector<ReportedFile> files;  // empty when nothing was written
  bool dry_run = false;
  bool values_verified = false;
};

// One screen for people; not to be parsed.
std::string to_text(const TransplantReport& report, const TextStyle& style = {});
// One line, "schema": "thaw.transplant/1"; docs/schemas/transplant.json describes it.
std::string to_json(const TransplantReport& report);

std::string_view name_of(MatchStage stage);
std::string_view name_of(Origin origin);
std::string_view name_of(FindingKind kind);

}  // namespace thaw
