#include "checkpoint/bundle_names.h"
#include "io/blame.h"
#include "thaw/error.h"
#include "thaw/freeze.h"
#include "verbs/freeze_graph.h"
#include "verbs/frozen_report.h"
#include "verbs/prove_frozen.h"
#include "verbs/publish_file.h"
#include "verbs/refuse_to_replace.h"

namespace thaw {

using namespace internal;

namespace {

const Model& graph_of(const Subject& subject, const FreezeOptions& options) {
  if (!subject.models.empty()) return choose_model(subject, options.tag_set);
  const std::filesystem::path meta = meta_path(subject.values->prefix());
  const std::string fault = subject.graph_fault.empty() ? "" : " (" + subject.graph_fault + ")";
  throw Error(ErrorKind::input_io, "a checkpoint without its graph" + fault,
              thaw::quoted(meta.string()) + " beside it",
              "Saver.save writes it unless write_meta_graph=False; a SavedModel's folder has a graph, too");
}

void refuse_frozen(const Subject& subject, const Model& model) {
  const FileKind kind = model.kind;
  const bool is_plain =
      kind == FileKind::graph_def || kind == FileKind::graph_def_text || kind == FileKind::memmapped_package;
  if (!is_plain) return;
  throw Error(ErrorKind::unsupported, "is a " + subject.format + ", which has no checkpoint",
              "a checkpoint with its .meta, or a SavedModel", "thaw freeze PREFIX|DIR");
}

void refuse_inputs(const Subject& subject, const std::filesystem::path& output,
                   const Destination& destination) {
  if (!destination.exists(output)) return;
  for (const std::filesystem::path& file : subject.files) {
    if (blaming(ErrorKind::input_io, [&] { return destination.exists(file); }))
      refuse_to_replace(output, *destination.open(file), destination, {"a file", "result", "name"});
  }
}

void write(const Subject& subject, const FrozenGraph& frozen, const Recipe& recipe,
           const FreezeOptions& options, const std::shared_ptr<Destination>& destination,
           FreezeReport& report) {
  const std::filesystem::path output = report.path;
  refuse_inputs(subject, output, *destination);
  const auto prove = [&](const SourcePtr& written) {
    prove_frozen(frozen, written);
    for (const Model& model : subject.models) model.file->check_unchanged();
  };
  const PublishWishes wishes{options.force,  false,        options.sync,
                             options.verify, options.stop, options.progress};
  publish_file({output, recipe, prove, "the graph with the checkpoint's values"}, wishes, destination);
  report.values_verified = options.verify;
}

}  // namespace

FreezeReport freeze_model(const std::filesystem::path& input, const std::filesystem::path& output,
                          const FreezeOptions& options, const std::shared_ptr<Destination>& destination) {
  if (!options.outputs.empty() && !options.signature.empty())
    throw Error(ErrorKind::usage, "--outputs and --signature both say what the outputs are", "one of the two",
                "leave out --signature");
  const Subject subject = open_subject(*destination, input);
  try {
    const Model& model = graph_of(subject, options);
    refuse_frozen(subject, model);
    const FrozenGraph frozen = freeze_graph(model, subject, options);
    FreezeReport report = make_frozen_report(model, subject, frozen, options);
    const Recipe recipe = write_frozen(frozen);
    report.path = output.string();
    report.bytes = recipe.size();
    if (!options.dry_run) write(subject, frozen, recipe, options, destination, report);
    return report;
  } catch (Error& error) {
    if (error.places().empty() && error.kind() != ErrorKind::output_exists &&
        error.kind() != ErrorKind::output_io)
      error.at(input.string());
    throw;
  }
}

std::filesystem::path frozen_output(const std::filesystem::path& input, const std::string& output) {
  const std::filesystem::path plain = input.has_filename() ? input : input.parent_path();
  const std::filesystem::path name = prefix_of(plain).stem().string() + ".frozen.pb";
  if (output.empty()) return name;
  std::error_code ignored;
  const std::filesystem::path path = output;
  return output.ends_with('/') || std::filesystem::is_directory(path, ignored) ? path / name : path;
}

}  // namespace thaw
