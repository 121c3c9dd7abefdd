// The middle of thawing: plan, draft, passes; nothing is written yet.
#pragma once

#include "compare/prove_graph.h"
#include "export/meta_graph.h"
#include "model/call_view.h"
#include "model/model.h"
#include "model/origin.h"
#include "passes/expand_cases.h"
#include "passes/function_weights.h"
#include "passes/write_out_calls.h"
#include "thaw/report.h"
#include "thaw/thaw.h"
#include "verbs/functional_graph.h"

namespace thaw::internal {

struct Rewritten {
  std::shared_ptr<const Library> library;  // of the input
  CallView view;                           // what the plan's decisions are about
  HandedDown handed_down;
  WrittenCalls written_calls;
  ExpandedCells expanded;
  ExpandedCells expanded_cases;  // the draft's base
  Plan plan;
  Draft draft;
  AllowedDifferences allowed = {};
  MetaGraphParts parts = {};
  std::vector<NamedMessage> carried_signatures = {};  // of the input, whose names still hold
  NodeId first_flat = 0;  // nodes below it were looked at, and hold no loops and branches
  std::optional<ReportedControlFlow> control_flow = {};
  // When a SavedModel is wanted.
  std::optional<FunctionalGraph> functional = {};
  OriginRecord origin = {};
  std::optional<ReportedBatchNorms> batch_norms = {};
  std::vector<Change> prepared = {};       // what was done before all of this
  std::vector<std::string> unfolded = {};  // scopes of batch norms
};

// Throws no_weights when nothing is found, usage for options that name nothing.
Rewritten rewrite(const Model& model, const std::filesystem::path& prefix, const ThawOptions& options);

// Throws unsupported above 2 GiB.
void check_size(std::uint64_t size, const char* file);

// The `.meta` file, without another copy of what the draft holds in the source. Throws unsupported above 2
// GiB.
Recipe write_meta_graph(const Rewritten& rewritten);

}  // namespace thaw::internal
