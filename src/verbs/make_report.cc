#include "verbs/make_report.h"

#include <algorithm>
#include <map>

#include "names/scopes.h"
#include "thaw/error.h"
#include "verbs/find_dropouts.h"
#include "verbs/warn_of_gradients.h"

namespace thaw::internal {

namespace {

// Where a constant is, if it is in a function.
std::optional<ReportedPlace> reported_place(const Rewritten& rewritten, NodeId id) {
  const FunctionPlace* place = rewritten.view.find_place(id);
  if (place == nullptr) return std::nullopt;
  const FunctionDef& function = rewritten.library->functions()[place->function];
  return ReportedPlace{function.name, function.nodes[place->node].node.name};
}

void report_constants(const Rewritten& rewritten, bool list_all, ThawReport& report) {
  const Graph& graph = *rewritten.view.graph;
  const Plan& plan = rewritten.plan;
  for (const Decision& decision : plan.decisions) {
    if (decision.verdict == Verdict::variable || decision.verdict == Verdict::tied) continue;
    report.kept_count += decision.verdict == Verdict::kept ? 1 : 0;
    if (decision.verdict == Verdict::kept && !list_all) continue;
    const TensorHead head = graph.tensor_head(decision.node, "value").value_or(TensorHead{});
    ReportedConstant constant{std::string(graph.name(decision.node)), head.dtype, head.shape,
                              decision.reasons, reported_place(rewritten, decision.node)};
    (decision.verdict == Verdict::unsure ? report.unsure : report.kept).push_back(std::move(constant));
  }
}

void report_changes(const Model& model, const Rewritten& rewritten, bool list_all, ThawReport& report) {
  std::map<Bytes, std::size_t> counts;
  if (model.stored) {
    for (const StoredChange& change : model.stored->changes) {
      ++counts[change.rule];
      if (list_all) report.changes.push_back({change.rule, change.node, change.what});
    }
  }
  for (const auto* changes :
       {&rewritten.prepared, &rewritten.handed_down.changes, &rewritten.written_calls.changes,
        &rewritten.expanded.changes, &rewritten.expanded_cases.changes}) {
    for (const Change& change : *changes) {
      ++counts[change.rule];
      if (list_all) report.changes.push_back({change.rule, change.node, change.what});
    }
  }
  for (const ChangeView& change : rewritten.draft.changes()) {
    ++counts[change.rule];
    if (list_all)
      report.changes.push_back(
          {std::string(change.rule), std::string(change.node), std::string(change.what)});
  }
  for (const auto& [rule, count] : counts) report.change_counts.emplace(rule, count);
}

// How the file holds it, where that is not as the graph has it.
void tell_stored(const StoredForm& stored, ReportedVariable& variable) {
  const StoredWeight* weight = stored.find(variable.node);
  if (weight == nullptr || variable.place) return;
  variable.stored = weight->dtype;
  variable.reasons.push_back({weight->rule, weight->from, -1});
}

void report_variables(const Model& model, const Rewritten& rewritten, ThawReport& report) {
  const Plan& plan = rewritten.plan;
  for (const Variable& variable : plan.variables) {
    const Value& value = plan.checkpoint.blobs[variable.blob];
    const Decision& decision = plan.decisions[variable.decision];
    report.variables.push_back({variable.name, variable.source_node, variable.key, value.dtype(),
                                value.shape(), value.byte_size(), variable.role, decision.derived,
                                decision.reasons, reported_place(rewritten, decision.node)});
    if (model.stored) tell_stored(*model.stored, report.variables.back());
  }
}

std::uint64_t float_bytes(const DType dtype, const Shape& shape) {
  if (!is_trainable_float(dtype)) return 0;
  return static_cast<std::uint64_t>(shape.element_count().value_or(0)) * element_size(dtype);
}

// What the constants that stay amount to.
struct Constants {
  std::uint64_t float_bytes = 0;
  std::size_t quantized = 0;  // a kernel kept in eight bits cannot be trained as it is stored
};

// Folding leaves constants behind that nobody reads.
bool is_read(const Graph& graph, NodeId constant) {
  const auto consumers = graph.consumers(constant);
  return consumers.empty() ||
         std::ranges::any_of(consumers, [](const Edge& consumer) { return !consumer.is_control(); });
}

Constants count_constants(const Graph& graph, const Plan& plan) {
  Constants constants;
  for (const Decision& decision : plan.decisions) {
    if (decision.verdict == Verdict::variable || decision.verdict == Verdict::tied) continue;
    const TensorHead head = graph.tensor_head(decision.node, "value").value_or(TensorHead{});
    if (is_read(graph, decision.node)) constants.float_bytes += float_bytes(head.dtype, head.shape);
    const bool quantized = head.dtype == DType::quint8 || head.dtype == DType::qint8 ||
                           head.dtype == DType::quint16 || head.dtype == DType::qint16;
    constants.quantized += quantized ? 1 : 0;
  }
  return constants;
}

void warn_of_batch_norms(ThawReport& report) {
  if (!report.batch_norms) return;
  const ReportedBatchNorms& found = *report.batch_norms;
  if (found.fused + found.arithmetic == 0)
    report.warnings.emplace_back("--bn batch: there is no batch norm with moving statistics to train");
  std::map<std::string, std::vector<std::string>> by_reason;
  for (const ReportedLeft& left : found.left) by_reason[left.why].push_back(left.node);
  for (const auto& [why, nodes] : by_reason) {
    const std::string more = nodes.size() == 1 ? "" : " and " + std::to_string(nodes.size() - 1) + " more";
    report.warnings.push_back("--bn batch leaves " + thaw::quoted(nodes.front()) + more +
                              " as found: " + why);
  }
}

ReportedFloatOps float_ops_of(const Model& model) {
  if (!model.stored) return {};
  return {model.stored->float_ops, model.stored->roundings, model.stored->parts_left};
}

void warn_of_float_ops(ThawReport& report) {
  if (!report.float_ops) return;
  if (report.float_ops->roundings > 0) {
    report.warnings.push_back(
        "results differ from the input's by what it rounded: " + std::to_string(report.float_ops->roundings) +
        " operations moved numbers by at most one step each, the range of the tensor divided by 255 where it "
        "has "
        "eight bits");
  }
  std::ranges::copy(report.float_ops->left, std::back_inserter(report.warnings));
}

void warn(const Graph& graph, const Plan& plan, ThawReport& report) {
  std::vector<std::string>& warnings = report.warnings;
  std::uint64_t thawed = 0;
  for (const ReportedVariable& variable : report.variables)
    thawed += float_bytes(variable.dtype, variable.shape);
  const auto [constant, quantized] = count_constants(graph, plan);
  if (!report.unsure.empty()) {
    warnings.push_back(std::to_string(report.unsure.size()) +
                       (report.unsure.size() == 1 ? " constant may be a weight and was kept"
                                                  : " constants may be weights and were kept"));
  }
  if (constant > thawed / 9) {
    const std::uint64_t share = thawed * 100 / std::max<std::uint64_t>(thawed + constant, 1);
    warnings.push_back("only " + std::to_string(share) + " % of the floating-point bytes became variables");
  }
  const auto derived = std::ranges::count_if(
      report.variables, [](const ReportedVariable& variable) { return variable.derived; });
  if (derived > 0) {
    warnings.push_back(std::to_string(derived) + (derived == 1 ? " weight was" : " weights were") +
                       " folded with batch normalisation before freezing: trainable here, but not the "
                       "numbers that its author's checkpoint held");
  }
  warn_of_batch_norms(report);
  if (quantized > 0) {
    warnings.push_back(std::to_string(quantized) + (quantized == 1 ? " constant is" : " constants are") +
                       " quantized and cannot be trained as stored: kept");
  }
  warn_of_float_ops(report);
}

}  // namespace

namespace {

std::optional<ReportedCarried> report_carried(const Model& model, const Plan& plan) {
  if (!model.carried || (model.carried->constants.empty() && plan.state.empty())) return std::nullopt;
  ReportedCarried told{model.carried->values_path,
                       model.carried->constants.size() + plan.state.size(),
                       {},
                       plan.carried,
                       model.carried->left_out};
  for (const StateVariable& state : plan.state) told.state.push_back(state.name);
  return told;
}

}  // namespace

ThawReport make_report(const Model& model, const Rewritten& rewritten, const ThawOptions& options,
                       const std::filesystem::path& prefix) {
  ThawReport report;
  const Graph& graph = *model.graph;
  const std::string path = model.file->path().string();
  report.source_path = path.empty() ? model.file->name() : path;
  report.source_bytes = model.file->size();
  report.source_format = name_of(model.kind);
  report.producer = graph.producer();
  report.nodes = (model.stored ? *model.stored->graph : graph).node_count();
  for (const Endpoint& input : rewritten.parts.signature.inputs)
    report.inputs.push_back({input.tensor, input.dtype, input.shape});
  for (const Endpoint& output : rewritten.parts.signature.outputs)
    report.outputs.push_back({output.tensor, output.dtype, output.shape});
  report_variables(model, rewritten, report);
  report_constants(rewritten, options.list_all, report);
  for (const VariableNodes& local : rewritten.parts.locals) {
    report.locals.push_back(local.name);
    report.local_initializers.push_back(local.initializer);
  }
  report_changes(model, rewritten, options.list_all, report);
  report.added_state = rewritten.plan.added;
  report.warnings = rewritten.plan.warnings;
  report.target_tf = options.target_tf;
  report.carried = report_carried(model, rewritten.plan);
  if (model.carried)
    report.warnings.insert(report.warnings.end(), model.carried->warnings.begin(),
                           model.carried->warnings.end());
  report.prefix = prefix.string();
  report.dry_run = options.dry_run;
  report.style = options.style;
  report.control_flow = rewritten.control_flow;
  report.batch_norms = rewritten.batch_norms;
  report.unfolded = rewritten.unfolded;
  report.dropouts = find_dropouts(rewritten.draft);
  if (options.unfold_batch_norms && report.unfolded.empty())
    report.warnings.emplace_back("--unfold-batch-norm: nothing shows a batch norm that was folded");
  if (options.float_ops) report.float_ops = float_ops_of(model);
  warn(*rewritten.view.graph, rewritten.plan, report);
  std::ranges::move(warn_of_gradients(rewritten), std::back_inserter(report.warnings));
  return report;
}

}  // namespace thaw::internal
