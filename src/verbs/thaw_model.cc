#include <utility>

#include "checkpoint/bundle_names.h"
#include "compare/prove_calls.h"
#include "compare/prove_cases.h"
#include "compare/prove_cells.h"
#include "compare/prove_functions.h"
#include "compare/prove_graph.h"
#include "model/model.h"
#include "thaw/thaw.h"
#include "verbs/make_report.h"
#include "verbs/open_to_thaw.h"
#include "verbs/publish_checkpoint.h"
#include "verbs/refuse_to_replace.h"
#include "verbs/rewrite.h"
#include "version.h"

namespace thaw {

using namespace internal;

namespace {

// What was done before the draft began. Of `written`, which was read back, the library counts.
FunctionProof prove_steps(const Model& model, const Rewritten& rewritten, const Graph& written) {
  const Graph& handed_down = *rewritten.handed_down.graph;
  const Graph& calls = *rewritten.written_calls.graph;
  prove_calls(handed_down, calls);
  prove_cells(calls, *rewritten.expanded.graph);
  prove_cases(*rewritten.expanded.graph, *rewritten.expanded_cases.graph);
  if (&calls == &handed_down) return prove_functions(*model.graph, *rewritten.library, handed_down, written);
  prove_same_functions(calls, written);
  return prove_functions(*model.graph, *rewritten.library, handed_down, handed_down);
}

// Reads the new graph from where it was written, and compares.
void prove(const Model& model, const Rewritten& rewritten, const SourcePtr& meta, ThawReport& report) {
  const WrittenGraph staged(meta, rewritten.draft.base());
  const GraphProof proof = prove_graph(rewritten.draft, staged, rewritten.plan, rewritten.allowed);
  report.nodes_equal = proof.equal;
  report.nodes_explained = proof.explained;
  const FunctionProof functions = prove_steps(model, rewritten, staged.others());
  report.functions_equal = functions.equal;
  report.functions_explained = functions.explained;
}

// The files that variables are read from are not to be replaced either.
void refuse_inputs(const Model& model, const std::filesystem::path& prefix, const Destination& destination) {
  if (!model.carried) return;
  for (const std::filesystem::path& file : model.carried->files) {
    if (!destination.exists(file)) continue;
    const SourcePtr source = destination.open(file);
    for (const std::filesystem::path& path : {data_path(prefix), meta_path(prefix), index_path(prefix)})
      refuse_to_replace(path, *source, destination, {"a file of the model", "checkpoint", "prefix"});
  }
}

}  // namespace

ThawReport thaw_model(const SourcePtr& source, const std::filesystem::path& prefix,
                      const ThawOptions& options, const std::shared_ptr<Destination>& destination) {
  check_prefix(prefix);
  const Model model =
      open_to_thaw(source, {options.tag_set, options.signature, options.outputs}, *destination);
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
    refuse_inputs(model, prefix, *destination);
    GraphToPublish graph{write_meta_graph(rewritten),
                         [&](const SourcePtr& meta) { prove(model, rewritten, meta, report); }};
    std::exchange(rewritten.parts, {});
    report.files = publish_checkpoint(*model.file, rewritten.plan.checkpoint, {prefix, destination},
                                      publish_wishes(options), &graph);
    report.values_verified = options.verify;
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
