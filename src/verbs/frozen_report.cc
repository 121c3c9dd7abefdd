#include "verbs/frozen_report.h"

#include <set>

#include "ops/table_op.h"
#include "ops/variable_op.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

std::string plural_of(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

bool is_table(Bytes op) {
  return op.starts_with("HashTable") || op.starts_with("MutableHashTable") ||
         op.starts_with("MutableDenseHashTable") || op.starts_with("AnonymousHashTable") ||
         op.starts_with("AnonymousMutable");
}

bool fills_table(Bytes op) { return readies_table(op) || op.starts_with("LookupTableInsert"); }

void report_tables(const Draft& draft, FreezeReport& report) {
  bool filled = false;
  for (const NodeId id : draft.order()) {
    if (is_table(draft.op(id))) report.tables.push_back(draft.name(id));
    filled |= fills_table(draft.op(id));
  }
  if (report.tables.empty() || filled) return;
  report.warnings.push_back(
      plural_of(report.tables.size(), "table is", "tables are") +
      " not filled by anything in the file: name the operation that does among --outputs");
}

void report_changes(const FrozenGraph& frozen, bool list_all, FreezeReport& report) {
  const auto note = [&](Bytes rule, Bytes node, Bytes what) {
    if (rule == "P1") return;
    ++report.change_counts[std::string(rule)];
    if (list_all) report.changes.push_back({std::string(rule), std::string(node), std::string(what)});
  };
  for (const ChangeView& change : frozen.draft.changes()) note(change.rule, change.node, change.what);
  for (const Change& change : frozen.function_changes) note(change.rule, change.node, change.what);
}

// Variables that functions of the file hold themselves: no call hands them in, and none could take a value.
void report_functions(const FrozenGraph& frozen, FreezeReport& report) {
  report.functions = frozen.functions.size();
  report.functions_frozen = frozen.functions_frozen;
  const std::set<std::size_t> origins(frozen.functions.begin(), frozen.functions.end());
  for (const std::size_t origin : origins) {
    const FunctionDef& function = frozen.library->functions()[origin];
    for (const FunctionNode& node : function.nodes) {
      if (!is_variable_op(node.node.op)) continue;
      report.state.push_back({function.name + "/" + node.node.name, "a function holds it itself"});
    }
  }
}

void warn(const FrozenGraph& frozen, FreezeReport& report) {
  std::vector<std::string>& warnings = report.warnings;
  if (report.variables.empty())
    warnings.push_back(
        "no variable lies on the way to the outputs: the file is a part of the graph, as it was");
  if (!frozen.why_not_original.empty())
    warnings.push_back("the graph was changed after it was thawed (" + frozen.why_not_original +
                       "): what thawing put into it stays");
  std::size_t unasked = 0;
  for (const ReportedState& state : report.state) unasked += state.why == "--keep-variables" ? 0 : 1;
  if (unasked > 0)
    warnings.push_back(plural_of(unasked, "variable stays", "variables stay") +
                       " one: it has to be initialised before the graph can run");
  if (!frozen.lost_waits.empty())
    warnings.push_back(
        plural_of(frozen.lost_waits.size(), "read", "reads") + " of variables waited for other operations (" +
        thaw::quoted(frozen.lost_waits.front()) + "), and no longer does: a constant needs none");
}

}  // namespace

FreezeReport make_frozen_report(const Model& model, const Subject& subject, const FrozenGraph& frozen,
                                const FreezeOptions& options) {
  FreezeReport report;
  report.source_path = subject.path;
  report.source_format = subject.format;
  if (subject.values && !frozen.variables.empty()) report.values_path = subject.values->prefix().string();
  report.producer = model.graph->producer();
  report.source_nodes = model.graph->node_count();
  report.signature = frozen.signature;
  report.inputs = frozen.inputs;
  report.outputs = frozen.outputs;
  for (std::size_t i = 0; i < frozen.variables.size(); ++i) {
    const Value& value = frozen.variables[i].value;
    report.variables.push_back({frozen.draft.name(frozen.variables[i].node), frozen.keys[i], value.dtype(),
                                value.shape(), value.byte_size()});
  }
  for (const FrozenInFunction& weight : frozen.in_functions) {
    report.variables.push_back({weight.function + "/" + weight.node, weight.key, weight.value.dtype(),
                                weight.value.shape(), weight.value.byte_size()});
  }
  report.state = frozen.state;
  report.nodes = frozen.draft.order().size();
  report.pruned = frozen.pruned;
  report_functions(frozen, report);
  report_tables(frozen.draft, report);
  report_changes(frozen, options.list_all, report);
  report.dry_run = options.dry_run;
  warn(frozen, report);
  if (subject.is_saved_model && !model.envelope.assets.empty() && !report.tables.empty())
    report.warnings.push_back("tables are filled from " +
                              plural_of(model.envelope.assets.size(), "asset file", "asset files") +
                              " of the SavedModel, which the file does not hold");
  return report;
}

}  // namespace thaw::internal
