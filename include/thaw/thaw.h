// The verbs. Start here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "thaw/destination.h"
#include "thaw/error.h"
#include "thaw/plan.h"
#include "thaw/report.h"
#include "thaw/rules_text.h"
#include "thaw/source.h"
#include "thaw/transplant.h"

namespace thaw {

// What batch norms compute with.
enum class BatchNorms : std::uint8_t {
  frozen,  // the moving statistics, as found
  batch,   // the statistics of the batch while `bn_training` is fed true, the moving ones otherwise
};

struct ThawOptions {
  // Patterns: a name, a scope, or a regular expression that matches whole names.
  std::vector<std::string> thaw, keep, non_trainable;
  std::vector<std::string> rename;          // "RE=REPL", first match wins
  std::vector<RulesText> rules;             // the same, one a line; tried after `rename`
  std::string scope;                        // put before every name
  std::string strip_prefix;                 // taken from the front of every name
  bool ema_twins = false;                   // also X/ExponentialMovingAverage
  std::string optimizer;                    // "adam": its state too, in the checkpoint only
  std::optional<std::int64_t> global_step;  // the same

  std::vector<std::string> inputs;   // "x:0[?,16]": a placeholder's shape, declared anew
  std::vector<std::string> outputs;  // nodes or tensors: the signature's outputs
  std::string tag_set;               // of a SavedModel with several graphs: "serve,gpu"
  std::string signature;             // of a model with variables: only this one; empty: all of them
  bool prune = false;                // leave out what the outputs do not need
  bool clear_devices = false;

  bool expand_cells = false;  // write LSTMBlockCell, GRUBlockCell and _SwitchN out
  bool float_ops = false;     // operations on floats in place of quantized ones: results differ by roundings

  // Also a SavedModel, in this folder, with variables for sessions and for TensorFlow 2; empty: none. Not
  // with VariableStyle::ref.
  std::filesystem::path saved_model;

  std::string target_tf;  // "1.15": the release that the graph is for; any, when it is empty

  BatchNorms batch_norms = BatchNorms::frozen;
  bool unfold_batch_norms = false;    // those that were folded into weights are norms again
  std::optional<double> bn_momentum;  // of the moving statistics, from 0 to below 1; 0.99 unless given

  VariableStyle style = VariableStyle::resource;
  Initializer initializer = Initializer::nan;

  bool force = false;       // replace an existing checkpoint
  bool keep_state = false;  // leave an existing `checkpoint` file alone
  bool sync = true;         // everything is on the medium when the call returns
  bool verify = false;      // read every byte back and compare it with the source
  bool dry_run = false;     // plan, rewrite and prove in memory; write nothing
  bool list_all = true;     // report every kept constant and every change, not only how many

  // Asked now and then; true stops with Error interrupted, leaving nothing behind.
  std::function<bool()> stop;
  // Bytes of values written so far, and in all.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

// Writes PREFIX.data-00000-of-00001, PREFIX.meta, PREFIX.index and `checkpoint` beside them. All or nothing:
// after an Error every file that existed is as it was. Throws every kind of Error. Without a prefix, only
// `options.saved_model` is written; with both, the checkpoint is complete before the SavedModel's folder
// takes its place.
ThawReport thaw_model(const SourcePtr& model, const std::filesystem::path& prefix,
                      const ThawOptions& options = {},
                      const std::shared_ptr<Destination>& destination = posix_destination());

// Writes a checkpoint with the names, types and shapes of `target` and the weights of `model`: files as
// above, without a .meta. `target`: a checkpoint (its prefix, one of its files or its folder), a MetaGraphDef
// or GraphDef that holds variables, or a list of names; it is read through `destination` and never changed. A
// plan that is not complete writes nothing and is reported.
TransplantReport transplant_model(const SourcePtr& model, const std::filesystem::path& target,
                                  const std::filesystem::path& prefix, const TransplantOptions& options = {},
                                  const std::shared_ptr<Destination>& destination = posix_destination());

// The file to open for a model that is named by a path: the one in a SavedModel's folder, else the path
// itself. The values of variables are read from beside it.
std::filesystem::path model_file(const std::filesystem::path& model,
                                 const Destination& files = *posix_destination());

// Where a model's checkpoint goes: `output` as the user gave it (a prefix, a folder, or one of a checkpoint's
// files), or, when it is empty, ./STEM.thawed/model.ckpt; empty when a SavedModel is all that is wanted.
std::filesystem::path output_prefix(const std::filesystem::path& model, const std::string& output,
                                    const std::filesystem::path& saved_model = {});
// The same for a transplant, whose result is a folder when the target is a SavedModel's.
std::filesystem::path transplant_output(const std::filesystem::path& model,
                                        const std::filesystem::path& target, const std::string& output);

// "0.1.0"
std::string version();

}  // namespace thaw
