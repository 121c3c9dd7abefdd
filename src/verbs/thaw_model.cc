#include "checkpoint/bundle_names.h"
#include "compare/prove_cases.h"
#include "compare/prove_cells.h"
#include "compare/prove_functions.h"
#include "compare/prove_graph.h"
#include "io/publication.h"
#include "model/model.h"
#include "thaw/thaw.h"
#include "verbs/make_report.h"
#include "verbs/prove_checkpoint.h"
#include "verbs/rewrite.h"
#include "verbs/stage_checkpoint.h"
#include "verbs/state.h"
#include "version.h"

namespace thaw {

using namespace internal;

namespace {

// Reads the new graph from where it was written, and compares.
void prove(const Model& model, const Rewritten& rewritten, const SourcePtr& meta, ThawReport& report) {
  const WrittenGraph staged(meta, rewritten.draft.base());
  const GraphProof proof = prove_graph(rewritten.draft, staged, rewritten.plan, rewritten.allowed);
  report.nodes_equal = proof.equal;
  report.nodes_explained = proof.explained;
  prove_cells(*rewritten.handed_down.graph, *rewritten.expanded.graph);
  prove_cases(*rewritten.expanded.graph, *rewritten.expanded_cases.graph);
  const FunctionProof functions =
      prove_functions(*model.graph, *rewritten.library, *rewritten.handed_down.graph, staged.others());
  report.functions_equal = functions.equal;
  report.functions_explained = functions.explained;
}

struct Target {
  std::filesystem::path prefix;
  std::shared_ptr<Destination> destination;
};

// Everything that is written, proved before it is published.
void write_and_prove(const Model& model, const Rewritten& rewritten, const ThawOptions& options,
                     const Target& target, ThawReport& report) {
  refuse_to_replace(*model.file, "the model", {target.prefix, *target.destination, options.keep_state});
  const std::optional<std::string> state =
      next_state(*target.destination, target.prefix, {options.force, options.keep_state});
  PublicationOptions publication;
  publication.force = options.force;
  publication.sync = options.sync && !options.dry_run;
  publication.stop = options.stop;
  Publication out(target.destination, std::move(publication));
  out.begin_set(target.prefix);
  stage_recipe(out, kMetaSuffix, write_meta_graph(rewritten));
  prove(model, rewritten, out.reopen(kMetaSuffix), report);
  stage_checkpoint(out, rewritten.plan.checkpoint, {options.stop, options.progress});
  model.file->check_unchanged();
  prove_checkpoint(out.reopen(kIndexSuffix), out.reopen(kDataSuffix), rewritten.plan.checkpoint,
                   options.verify);
  report.values_verified = options.verify;
  for (const std::string& suffix : {kIndexSuffix, kDataSuffix, kMetaSuffix}) {
    report.files.push_back({target.prefix.string() + suffix, out.reopen(suffix)->size()});
  }
  const std::filesystem::path state_path = target.prefix.parent_path() / "checkpoint";
  if (state) {
    report.files.push_back({state_path.string(), state->size()});
    out.add_last(state_path, *state);
  }
  out.commit();
}

}  // namespace

ThawReport thaw_model(const SourcePtr& source, const std::filesystem::path& prefix,
                      const ThawOptions& options, const std::shared_ptr<Destination>& destination) {
  check_prefix(prefix);
  const Model model = open_model(source);
  try {
    Rewritten rewritten = rewrite(model, prefix, options);
    ThawReport report = make_report(model, rewritten, options, prefix);
    std::exchange(rewritten.plan.decisions, {});  // all told
    if (options.dry_run) {
      // The same door, into memory: what is proved is what would be written, less the values.
      prove(model, rewritten,
            memory_source(write_meta_graph(rewritten).bytes(), prefix.string() + kMetaSuffix), report);
      model.file->check_unchanged();
      return report;
    }
    write_and_prove(model, rewritten, options, {prefix, destination}, report);
    return report;
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
