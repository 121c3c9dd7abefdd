#include "checkpoint/bundle_names.h"
#include "checkpoint/v1_set.h"
#include "checks/check_bundle.h"
#include "checks/check_folder.h"
#include "checks/check_meta_graph.h"
#include "checks/check_objects.h"
#include "checks/check_v1.h"
#include "io/blame.h"
#include "model/model.h"
#include "model/origin.h"
#include "subject/graph_variables.h"
#include "thaw/verify.h"
#include "verbs/float_model.h"
#include "verbs/open_to_thaw.h"
#include "verbs/verify_graph.h"
#include "verbs/verify_pairs.h"
#include "verbs/verify_place.h"
#include "verbs/verify_weights.h"

namespace thaw {

using namespace internal;

namespace {

class Verifier {
 public:
  Verifier(const std::filesystem::path& path, const VerifyOptions& options, const Destination& files)
      : options_(options),
        files_(files),
        progress_(options),
        findings_(report_),
        place_(find_verify_place(files, path)) {
    report_.path = path.string();
    report_.tolerance = options.tolerance;
  }

  VerifyReport run(const Model* model) {
    if (place_.fault) {
      findings_.begin("index");
      findings_.add(*place_.fault, {place_.path.string()});
      return std::move(report_);
    }
    if (place_.checkpoint) check_checkpoint();
    if (place_.graph) check_graphs();
    if (place_.checkpoint && !place_.is_saved_model)
      check_state_file(files_, place_.checkpoint->prefix.parent_path(), findings_);
    if (model != nullptr)
      check_model(float_model(*model, {options_.thaw, options_.keep, options_.float_ops || has_float_ops()}));
    if (!place_.checkpoint && !place_.graph) look_at(place_.path);
    if (report_.checks.empty()) fail_without_checks();
    return std::move(report_);
  }

 private:
  // What a report says of a file that is there.
  void look_at(const std::filesystem::path& path) {
    if (files_.exists(path)) report_.files.push_back({path.string(), files_.open(path)->size()});
  }

  void check_checkpoint() {
    const std::filesystem::path& prefix = place_.checkpoint->prefix;
    if (place_.checkpoint->format == CheckpointFormat::v1) {
      report_.format = "checkpoint of the first format";
      const std::vector<std::filesystem::path> paths = v1_files(files_, prefix);
      stored_ = check_v1(files_, paths, progress_, findings_);
      for (const std::filesystem::path& path : paths) look_at(path);
    } else {
      check_v2(prefix);
      report_.format = stored_.object_graph ? "object checkpoint" : "checkpoint";
    }
    if (place_.is_saved_model) report_.format = "SavedModel";
    report_.entries = stored_.tensors.size();
  }

  void check_v2(const std::filesystem::path& prefix) {
    const std::string index = index_path(prefix).string();
    const SetNames names(prefix);
    for (const std::string& suffix : SetFiles(files_, names).suffixes(SetFileKind::member))
      look_at(names.member(suffix));
    if (!files_.exists(index)) {
      findings_.begin("index");
      return findings_.add(ProblemKind::missing, {index},
                           {"is missing: without it nothing is known of the other files of the checkpoint",
                            "the file that says which tensor lies where", "copy it there, too"});
    }
    stored_ = check_bundle(files_, prefix, progress_, findings_);
    check_objects(stored_, index, findings_);
  }

  void check_graphs() {
    const std::string file = place_.graph->string();
    if (place_.is_saved_model) {
      report_.format = "SavedModel";
      look_at(file);
    }
    findings_.begin("graph");
    try {
      const SourcePtr source = files_.open(*place_.graph);
      findings_.count(0, source->size());
      models_ = open_models(source);
      values_ = open_values();
      for (const Model& model : models_) check_meta_graph(model, stored_, values_.get(), file, findings_);
      for (const Model& model : models_) {
        if (place_.is_saved_model) check_assets(files_, place_.path, model.envelope.assets, findings_);
      }
      if (place_.is_saved_model && !place_.checkpoint) require_no_variables(file);
    } catch (const Error& error) {
      findings_.add(error, {file});
    }
  }

  // Null when they are damaged: that has been told.
  std::unique_ptr<StoredSet> open_values() const {
    if (!place_.checkpoint) return nullptr;
    try {
      return open_stored_set(files_, *place_.checkpoint);
    } catch (const Error&) {
      return nullptr;
    }
  }

  void require_no_variables(const std::string& file) {
    for (const Model& model : models_) {
      for (const GraphVariable& variable : graph_variables(model, nullptr)) {
        if (variable.local || variable.keys.empty()) continue;
        return findings_.add(ProblemKind::missing, {file, std::nullopt, {}, variable.name},
                             {"a variable, and there is no checkpoint below 'variables'",
                              "the folder 'variables' of the SavedModel", "copy it there, too"});
      }
    }
  }

  // What the graph beside the checkpoint says of itself.
  bool has_float_ops() const {
    if (models_.size() != 1) return false;
    try {
      const std::optional<OriginRecord> origin = read_origin(models_.front().envelope);
      return origin && origin->float_ops;
    } catch (const Error&) {
      return false;  // told by the check of that graph
    }
  }

  void check_model(const Model& model) {
    report_.model = VerifiedModel{model.file->name(), name_of(model.kind), model.file->size()};
    const bool sound = report_.problems.empty();
    ModelWeights weights = find_model_weights(model, placing_options(options_));
    findings_.begin("weights");
    try {
      verify_weights({std::move(weights), place_.path, files_}, options_, progress_, findings_, report_);
    } catch (const Error& error) {
      // About the options, or already told.
      const bool of_checkpoint = error.kind() == ErrorKind::malformed ||
                                 error.kind() == ErrorKind::input_io ||
                                 error.kind() == ErrorKind::unsupported;
      if (!of_checkpoint) throw;
      if (sound) {
        findings_.add(error, {place_.path.string()});
      } else {
        findings_.fail();
        findings_.describe("not compared: the checkpoint cannot be opened, see the problems");
      }
    }
    const bool has_meta = place_.graph && !place_.is_saved_model && models_.size() == 1;
    if (!has_meta) return;
    findings_.begin("frozen");
    try {
      verify_graph({model, models_.front(), place_.checkpoint->prefix, values_.get()}, options_, findings_);
    } catch (const Error& error) {
      findings_.add(error, {place_.graph->string()});
    }
  }

  [[noreturn]] void fail_without_checks() const {
    throw Error(ErrorKind::unsupported, "a file of Keras has no checksums: there is nothing to verify",
                "a model to compare it with", "thaw verify MODEL " + escaped(place_.path.string()))
        .at(place_.path.string());
  }

  const VerifyOptions& options_;
  const Destination& files_;
  VerifyReport report_;
  ReadingProgress progress_;
  Findings findings_;
  VerifyPlace place_;
  StoredTensors stored_;
  std::vector<Model> models_;          // of the graph beside it
  std::unique_ptr<StoredSet> values_;  // null when they cannot be opened
};

}  // namespace

VerifyReport verify_checkpoint(const std::filesystem::path& checkpoint, const VerifyOptions& options,
                               const std::shared_ptr<Destination>& files) {
  return blaming(ErrorKind::input_io, [&] { return Verifier(checkpoint, options, *files).run(nullptr); });
}

VerifyReport verify_model(const SourcePtr& source, const std::filesystem::path& checkpoint,
                          const VerifyOptions& options, const std::shared_ptr<Destination>& files) {
  const Model opened = open_to_thaw(source, {options.tag_set, options.signature, options.outputs}, *files);
  try {
    return blaming(ErrorKind::input_io, [&] { return Verifier(checkpoint, options, *files).run(&opened); });
  } catch (Error& error) {
    const bool about_model =
        error.kind() == ErrorKind::no_weights || error.kind() == ErrorKind::missing_values;
    if (about_model && error.places().empty()) error.at(source->name());
    throw;
  }
}

}  // namespace thaw
