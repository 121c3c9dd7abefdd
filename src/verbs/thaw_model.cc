#include <algorithm>

#include "checkpoint/bundle_names.h"
#include "checkpoint/bundle_writer.h"
#include "checkpoint/state_file.h"
#include "compare/prove_cases.h"
#include "compare/prove_cells.h"
#include "compare/prove_functions.h"
#include "compare/prove_graph.h"
#include "export/meta_graph.h"
#include "io/publication.h"
#include "model/model.h"
#include "passes/clear_devices.h"
#include "passes/initializers.h"
#include "passes/locals.h"
#include "passes/prune.h"
#include "passes/redeclare.h"
#include "passes/rename_frames.h"
#include "passes/saver.h"
#include "passes/split.h"
#include "passes/variables.h"
#include "thaw/thaw.h"
#include "verbs/make_report.h"
#include "verbs/naming.h"
#include "verbs/prove_checkpoint.h"
#include "verbs/rewrite.h"
#include "verbs/state.h"
#include "version.h"
#include "weights/find_weights.h"
#include "weights/make_plan.h"

namespace thaw {

using namespace internal;

namespace {

// The staged files, in the order they are published.
const std::string kData = ".data-00000-of-00001";
const std::string kMeta = ".meta";
const std::string kIndex = ".index";

std::filesystem::path with_suffix(const std::filesystem::path& prefix, const std::string& suffix) {
  return prefix.string() + suffix;
}

void stage_recipe(Publication& out, const std::string& suffix, const Recipe& recipe) {
  OutputFile& file = out.stage(suffix, recipe.size());
  recipe.pour([&](Bytes bytes) { file.append(bytes); });
  out.finish(suffix);
}

void stage_checkpoint(Publication& out, const CheckpointContents& contents, const ThawOptions& options) {
  const std::uint64_t total = bundle_data_size(contents);
  OutputFile& data = out.stage(kData, total);
  const auto progress = [&](std::uint64_t done) {
    if (options.stop && options.stop()) throw Error(ErrorKind::interrupted, "interrupted");
    if (options.progress) options.progress(done, total);
  };
  const std::string index = write_bundle(contents, data, progress);
  out.finish(kData);
  stage_recipe(out, kIndex, Recipe(index));
}

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

// With --force, too: nobody means to lose the model.
void refuse_to_replace_model(const Model& model, const Target& target, bool keep_state) {
  const std::filesystem::path index = with_suffix(target.prefix, kIndex);
  for (const std::filesystem::path& path :
       {with_suffix(target.prefix, kData), with_suffix(target.prefix, kMeta), index,
        keep_state ? index : target.prefix.parent_path() / "checkpoint"}) {
    if (!target.destination->is_file_of(path, *model.file)) continue;
    throw Error(ErrorKind::output_exists, escaped(path.string()) + " is the model that is being read",
                "another place for the checkpoint", "choose another prefix with --output");
  }
}

// Everything that is written, proved before it is published.
void write_and_prove(const Model& model, const Rewritten& rewritten, const ThawOptions& options,
                     const Target& target, ThawReport& report) {
  refuse_to_replace_model(model, target, options.keep_state);
  const std::optional<std::string> state = next_state(*target.destination, target.prefix, options);
  PublicationOptions publication;
  publication.force = options.force;
  publication.sync = options.sync && !options.dry_run;
  publication.stop = options.stop;
  Publication out(target.destination, std::move(publication));
  out.begin_set(target.prefix);
  stage_recipe(out, kMeta, rewritten.meta_graph);
  prove(model, rewritten, out.reopen(kMeta), report);
  stage_checkpoint(out, rewritten.plan.checkpoint, options);
  model.file->check_unchanged();
  prove_checkpoint(out.reopen(kIndex), out.reopen(kData), rewritten.plan.checkpoint, options.verify);
  report.values_verified = options.verify;
  for (const std::string& suffix : {kIndex, kData, kMeta}) {
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
    const Rewritten rewritten = rewrite(model, prefix, options);
    ThawReport report = make_report(model, rewritten, options, prefix);
    if (options.dry_run) {
      // The same door, into memory: what is proved is what would be written, less the values.
      prove(model, rewritten, memory_source(rewritten.meta_graph.bytes(), prefix.string() + kMeta), report);
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
