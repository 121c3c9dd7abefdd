// Freezing: the way back. A graph and its checkpoint become one file in which variables are constants.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "thaw/destination.h"
#include "thaw/report.h"
#include "thaw/tensor.h"

namespace thaw {

struct FreezeOptions {
  // Nodes or tensors that the file is for, operations without outputs among them; empty: those of a
  // signature.
  std::vector<std::string> outputs;
  std::string tag_set;                      // of a SavedModel with several graphs: "serve,gpu"
  std::string signature;                    // empty: serving_default, else the only one
  std::vector<std::string> inputs;          // "x:0[?,16]": a placeholder's shape, declared anew
  std::vector<std::string> keep_variables;  // patterns: variables that stay variables
  bool clear_devices = false;

  bool force = false;    // replace an existing file
  bool sync = true;      // everything is on the medium when the call returns
  bool verify = false;   // read every byte back and compare it with the checkpoint
  bool dry_run = false;  // everything but writing
  bool list_all = true;  // report every change, not only how many

  // Asked now and then; true stops with Error interrupted, leaving nothing behind.
  std::function<bool()> stop;
  // Bytes written so far, and in all.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

// A variable that is a constant of the same name now.
struct ReportedFrozen {
  std::string name;
  std::string key;  // in the checkpoint
  DType dtype = DType::invalid;
  Shape shape;
  std::uint64_t bytes = 0;  // 0 for strings
};

// A variable that is one still.
struct ReportedState {
  std::string name;
  std::string why;  // "--keep-variables", "local", "node 'a/Assign' changes it"
};

struct FreezeReport {
  std::string source_path;    // as it was given
  std::string source_format;  // "checkpoint", "SavedModel"
  std::string values_path;    // the checkpoint's prefix; empty when no value was needed
  std::optional<std::int64_t> producer;
  std::size_t source_nodes = 0;

  std::string signature;  // whose tensors these are; empty when they were named
  std::vector<ReportedTensor> inputs, outputs;
  std::vector<ReportedFrozen> variables;  // in the graph's order
  std::vector<ReportedState> state;
  std::vector<std::string> tables;   // nodes: what fills them is a part of the file only if it was asked for
  std::size_t nodes = 0;             // of the file
  std::size_t pruned = 0;            // nodes of the source that the outputs do not need
  std::size_t functions = 0;         // of the file
  std::size_t functions_frozen = 0;  // those of them that take constants in place of variables
  std::map<std::string, std::size_t> change_counts;  // by rule, pruned nodes aside
  std::vector<ReportedChange> changes;               // only with FreezeOptions::list_all
  std::vector<std::string> warnings;

  std::string path;
  std::uint64_t bytes = 0;  // of the file, also when it was not written
  bool dry_run = false;
  bool values_verified = false;
};

// Writes one GraphDef. `input`: a checkpoint with its .meta beside it (prefix, one of its files or folder),
// or a SavedModel's folder or file; it is read through `destination`. All or nothing: after an Error what was
// at `output` is still there. Throws every kind of Error.
FreezeReport freeze_model(const std::filesystem::path& input, const std::filesystem::path& output,
                          const FreezeOptions& options = {},
                          const std::shared_ptr<Destination>& destination = posix_destination());

// Where a frozen file goes: `output` as the user gave it (a file, or a folder for STEM.frozen.pb), or, when
// it is empty, ./STEM.frozen.pb.
std::filesystem::path frozen_output(const std::filesystem::path& input, const std::string& output);

// One screen for people; not to be parsed.
std::string to_text(const FreezeReport& report, const TextStyle& style = {});
// One line, "schema": "thaw.freeze/1"; docs/schemas/freeze.json describes it.
std::string to_json(const FreezeReport& report);

}  // namespace thaw
