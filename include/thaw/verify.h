// Verifying: whether a checkpoint is whole, fits its graph, and holds a model's weights.
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
#include "thaw/transplant.h"

namespace thaw {

// How the weights of the model are found, named and matched: as thaw_model and transplant_model were told.
struct VerifyOptions {
  std::vector<std::string> thaw, keep;  // constants of the model
  // Which part of a model with variables was thawed, see ThawOptions.
  std::string tag_set, signature;
  std::vector<std::string> outputs;
  bool float_ops = false;           // constants of quantized operations are weights, too
  std::vector<std::string> skip;    // weights and entries that take no part
  std::vector<std::string> rename;  // "RE=REPL", first match wins
  std::vector<RulesText> rules;     // the same, one a line; tried after `rename`
  std::string scope;                // of the checkpoint's names
  std::string strip_prefix;         // taken from the front of the model's names
  std::vector<std::string> layout;  // "PATTERN=OIHW": the order of axes of entries
  bool accept_order = false;        // match equals by their order
  double tolerance = 0;             // how far a number may be from the model's; 0: the same bits

  // Asked now and then; true stops with Error interrupted.
  std::function<bool()> stop;
  // Bytes of values read so far, and in all.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

enum class ProblemKind : std::uint8_t {
  damaged,    // bytes break the format, or are not those of their checksum
  missing,    // a file, an entry or a node that is named and not there
  mismatch,   // two places say different things about one type, shape or size
  differs,    // a weight has other numbers than in the model
  misplaced,  // a weight's numbers are under another name
  changed,    // the graph is not the model's once it is frozen again
};

struct VerifyProblem {
  ProblemKind kind = ProblemKind::damaged;
  std::string check;                  // the name of the check that found it
  std::string file;                   // where it is
  std::optional<std::uint64_t> byte;  // in the file
  std::string key;                    // of the checkpoint
  std::string node;                   // of the graph
  std::string what, expected, hint;
  std::optional<ValueDelta> delta = std::nullopt;  // of numbers that differ
};

struct VerifyCheck {
  std::string name;  // "index", "data", "objects", "graph", "assets", "weights", "frozen"
  bool passed = true;
  std::uint64_t count = 0;  // of what was looked at: entries, tensors, nodes, weights
  std::uint64_t bytes = 0;  // of them, where they have bytes
  std::string what;         // a few words about it
};

// A weight of the model, and the entry that it was compared with.
struct VerifiedWeight {
  std::string weight, node;  // in the model
  std::string key;           // in the checkpoint; empty when it has no place there
  DType dtype = DType::invalid;
  Shape shape;
  MatchStage stage = MatchStage::exact;
  bool by_content = false;                         // no name led there: the numbers are the same
  bool equal = false;                              // bit for bit, or within the tolerance
  std::string why;                                 // "scope 'model' added"
  std::optional<ValueDelta> delta = std::nullopt;  // of numbers that differ
};

// An entry that no weight of the model belongs to.
struct OtherEntry {
  std::string key;
  std::string why;  // "slot of Adam", "step"; empty when nothing is known of it
};

struct VerifiedModel {
  std::string path, format;
  std::uint64_t bytes = 0;
};

struct VerifyReport {
  std::string path, format;  // of the checkpoint, as it was given and what it is
  std::size_t entries = 0;
  std::vector<ReportedFile> files;     // that were looked at
  std::optional<VerifiedModel> model;  // nothing when none was given
  double tolerance = 0;

  std::vector<VerifyCheck> checks;      // in the order in which they were made
  std::vector<VerifyProblem> problems;  // none: verified
  std::vector<VerifiedWeight> weights;  // in the model's order
  std::vector<OtherEntry> others;       // sorted by key; empty without a model
  std::vector<std::string> warnings;

  bool verified() const { return problems.empty(); }
};

// Every checksum and byte of a checkpoint (its prefix, one of its files, its folder, or the folder of a
// SavedModel), and whether it and the graph beside it belong together. What is wrong is in the report; throws
// input_io when there is nothing that could be looked at.
VerifyReport verify_checkpoint(const std::filesystem::path& checkpoint, const VerifyOptions& options = {},
                               const std::shared_ptr<Destination>& files = posix_destination());

// All of that and whether the checkpoint, or file of Keras, holds the weights of `model`, and its graph, if
// there is one, is `model` once it is frozen again. Throws what opening a model throws, no_weights when there
// is nothing to look for, and usage for options that name nothing.
VerifyReport verify_model(const SourcePtr& model, const std::filesystem::path& checkpoint,
                          const VerifyOptions& options = {},
                          const std::shared_ptr<Destination>& files = posix_destination());

// One screen for people; not to be parsed.
std::string to_text(const VerifyReport& report, const TextStyle& style = {});
// One line, "schema": "thaw.verify/1"; docs/schemas/verify.json describes it.
std::string to_json(const VerifyReport& report);

std::string_view name_of(ProblemKind kind);

}  // namespace thaw
