#include <utility>

#include "checkpoint/bundle_names.h"
#include "compare/prove_calls.h"
#include "compare/prove_cases.h"
#include "compare/prove_cells.h"
#include "compare/prove_functions.h"
#include "compare/prove_graph.h"
#include "io/blame.h"
#include "io/same_bytes.h"
#include "model/model.h"
#include "subject/find_checkpoint.h"
#include "thaw/thaw.h"
#include "verbs/float_model.h"
#include "verbs/make_report.h"
#include "verbs/open_to_thaw.h"
#include "verbs/prepare_model.h"
#include "verbs/publish_checkpoint.h"
#include "verbs/refuse_to_replace.h"
#include "verbs/rewrite.h"
#include "verbs/saved_model_draft.h"
#include "verbs/saved_model_folder.h"
#include "version.h"

namespace thaw {

using namespace internal;

namespace {

// What was done before the draft began.
void prove_steps(const Rewritten& rewritten) {
  const Graph& calls = *rewritten.written_calls.graph;
  prove_calls(*rewritten.handed_down.graph, calls);
  prove_cells(calls, *rewritten.expanded.graph);
  prove_cases(*rewritten.expanded.graph, *rewritten.expanded_cases.graph);
}

// Of `written`, which was read back, the library counts.
FunctionProof prove_library(const Model& model, const Rewritten& rewritten, const Graph& written) {
  const Graph& handed_down = *rewritten.handed_down.graph;
  const Graph& calls = *rewritten.written_calls.graph;
  if (&calls == &handed_down) return prove_functions(*model.graph, *rewritten.library, handed_down, written);
  prove_same_functions(calls, written);
  return prove_functions(*model.graph, *rewritten.library, handed_down, handed_down);
}

void check_places(const std::filesystem::path& prefix, const ThawOptions& options) {
  if (!prefix.empty() || options.saved_model.empty()) check_prefix(prefix);
  if (!options.saved_model.empty() && options.style == VariableStyle::ref) {
    throw Error(ErrorKind::usage, "--saved-model with --variables ref",
                "resource variables, which are the ones that TensorFlow 2 trains",
                "leave out --variables ref, or --saved-model");
  }
}

void prove_written(const SourcePtr& written, const Recipe& planned) {
  if (written->size() == planned.size() && !find_difference(planned, *written)) return;
  throw Error(ErrorKind::bug, "saved_model.pb is not what was to be written");
}

void warn_of_untrained_norms(ThawReport& report) {
  if (!report.batch_norms || report.batch_norms->fused + report.batch_norms->arithmetic == 0) return;
  if (report.saved_model->trains) return;
  report.warnings.push_back(std::string("--bn batch changes nothing for TensorFlow 2: the SavedModel ") +
                            (report.saved_model->objects ? "calls no batch norm" : "has no objects"));
}

// What the report says of the SavedModel.
void describe(const SavedModelDraft& saved_model, const ThawOptions& options, ThawReport& report) {
  report.saved_model = saved_model.report;
  report.saved_model->path = options.saved_model.string();
  for (const std::string& loop : saved_model.report.not_raised)
    report.warnings.push_back("TensorFlow 2 finds no gradient through " + loop);
  for (const std::string& signature : saved_model.report.incomplete)
    report.warnings.push_back("signature " + thaw::quoted(signature) +
                              " lacks an input that its outputs need: it is not in the SavedModel");
  if (!saved_model.report.objects)
    report.warnings.push_back("the SavedModel is a graph without objects, because of " +
                              saved_model.report.why_plain +
                              ": TensorFlow 2 trains it through model.variables and its signatures");
  for (const std::string& name : saved_model.assets.missing)
    report.warnings.push_back(thaw::quoted(std::string(kAssetsFolder) + "/" + name) +
                              " is not beside the model: put it into the SavedModel before you load that");
  warn_of_untrained_norms(report);
}

Rewritten rewritten(PreparedModel& prepared, const std::filesystem::path& prefix,
                    const ThawOptions& options) {
  Rewritten done = rewrite(prepared.model, prefix, options);
  done.prepared = std::move(prepared.changes);
  done.unfolded = std::move(prepared.unfolded);
  fit_to_release(done.draft, prepared.release);
  return done;
}

// The files that variables are read from are not to be replaced either.
void refuse_inputs(const Model& model, const std::filesystem::path& prefix, const Destination& destination) {
  if (!model.carried) return;
  for (const std::filesystem::path& file : model.carried->files) {
    if (!blaming(ErrorKind::input_io, [&] { return destination.exists(file); })) continue;
    const SourcePtr source = destination.open(file);
    for (const std::filesystem::path& path : {data_path(prefix), meta_path(prefix), index_path(prefix)})
      refuse_to_replace(path, *source, destination, {"a file of the model", "checkpoint", "prefix"});
  }
}

class Thawing {
 public:
  Thawing(PreparedModel& prepared, const std::filesystem::path& prefix, const ThawOptions& options,
          const std::shared_ptr<Destination>& destination)
      : model_(prepared.model),
        prefix_(prefix),
        options_(options),
        destination_(destination),
        wishes_(publish_wishes(options)),
        rewritten_(rewritten(prepared, restored_from(prefix, options), options)),
        report_(make_report(model_, rewritten_, options, prefix)) {
    if (!options.saved_model.empty())
      saved_model_ = draft_saved_model(rewritten_, model_, *destination, options);
    if (saved_model_) describe(*saved_model_, options, report_);
  }

  ThawReport run() {
    std::exchange(rewritten_.plan.decisions, {});  // all told
    prove_steps(rewritten_);
    return options_.dry_run ? rehearse() : write();
  }

 private:
  static std::filesystem::path restored_from(const std::filesystem::path& prefix,
                                             const ThawOptions& options) {
    return prefix.empty() ? variables_prefix(options.saved_model) : prefix;
  }

  // The same door, into memory: what is proved is what would be written, less the values.
  ThawReport rehearse() {
    prove_session(memory_source(write_meta_graph(rewritten_).bytes(), report_.source_path + kMetaSuffix));
    if (saved_model_)
      prove_saved_model(memory_source(saved_model_->file.bytes(), options_.saved_model.string()));
    model_.file->check_unchanged();
    return std::move(report_);
  }

  ThawReport write() {
    std::optional<SavedModelFolder> folder;
    std::vector<ReportedFile> files;
    if (saved_model_) {
      folder.emplace(*model_.file, options_.saved_model, prefix_, wishes_, destination_);
      folder->stage(saved_model_->file, saved_model_->contents,
                    [&](const SourcePtr& written) { prove_saved_model(written); });
      for (const auto& [name, file] : saved_model_->assets.present)
        folder->add(std::filesystem::path(kAssetsFolder) / name, file);
      files = folder->files();
      saved_model_.reset();
      rewritten_.functional.reset();
    }
    if (!prefix_.empty()) write_checkpoint();
    if (folder) folder->commit();
    report_.files.insert(report_.files.end(), files.begin(), files.end());
    report_.values_verified = options_.verify;
    return std::move(report_);
  }

  void write_checkpoint() {
    refuse_inputs(model_, prefix_, *destination_);
    GraphToPublish graph{write_meta_graph(rewritten_), [&](const SourcePtr& meta) { prove_session(meta); }};
    std::exchange(rewritten_.parts, {});
    report_.files = publish_checkpoint(*model_.file, rewritten_.plan.checkpoint, {prefix_, destination_},
                                       wishes_, &graph);
  }

  // Reads the new graph from where it was written, and compares.
  void prove_session(const SourcePtr& written) {
    const WrittenGraph staged(written, rewritten_.draft.base());
    note(prove_graph(rewritten_.draft, staged, rewritten_.plan, rewritten_.allowed));
    const FunctionProof functions = prove_library(model_, rewritten_, staged.others());
    report_.functions_equal = functions.equal;
    report_.functions_explained = functions.explained;
  }

  void prove_saved_model(const SourcePtr& written) {
    if (const std::optional<Draft>& draft = saved_model_->session) {
      const WrittenGraph staged(written, draft->base());
      note(prove_graph(*draft, staged, rewritten_.plan, rewritten_.allowed));
    }
    prove_written(written, saved_model_->file);
  }

  void note(const GraphProof& proof) {
    report_.nodes_equal = proof.equal;
    report_.nodes_explained = proof.explained;
  }

  const Model& model_;
  const std::filesystem::path& prefix_;
  const ThawOptions& options_;
  const std::shared_ptr<Destination>& destination_;
  const PublishWishes wishes_;
  Rewritten rewritten_;
  ThawReport report_;
  std::optional<SavedModelDraft> saved_model_;
};

}  // namespace

ThawReport thaw_model(const SourcePtr& source, const std::filesystem::path& prefix,
                      const ThawOptions& options, const std::shared_ptr<Destination>& destination) {
  check_places(prefix, options);
  find_release(options);
  Model opened = open_to_thaw(source, {options.tag_set, options.signature, options.outputs}, *destination);
  try {
    Model floats = float_model(std::move(opened), {options.thaw, options.keep, options.float_ops});
    prove_float_model(floats);
    PreparedModel prepared = prepare_model(std::move(floats), options);
    return Thawing(prepared, prefix, options, destination).run();
  } catch (Error& error) {
    const bool about_input = error.kind() == ErrorKind::malformed || error.kind() == ErrorKind::no_weights ||
                             error.kind() == ErrorKind::missing_values;
    if (about_input && (error.places().empty() || error.places().front() != source->name()))
      error.at(source->name());
    throw;
  }
}

std::string version() { return kVersion; }

}  // namespace thaw
