#include "verbs/make_report.h"

#include <algorithm>
#include <map>

#include "names/scopes.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

void report_constants(const Graph& graph, const Plan& plan, ThawReport& report) {
  for (const Decision& decision : plan.decisions) {
    if (decision.verdict == Verdict::variable) continue;
    const TensorHead head = graph.tensor_head(decision.node, "value").value_or(TensorHead{});
    ReportedConstant constant{std::string(graph.name(decision.node)), head.dtype, head.shape,
                              decision.reasons};
    (decision.verdict == Verdict::unsure ? report.unsure : report.kept).push_back(std::move(constant));
  }
}

void report_variables(const Plan& plan, ThawReport& report) {
  std::map<std::uint32_t, const Decision*> by_node;
  for (const Decision& decision : plan.decisions) by_node[decision.node] = &decision;
  for (const Variable& variable : plan.variables) {
    const Value& value = plan.checkpoint.blobs[variable.blob];
    const Decision& decision = *by_node.at(variable.node);
    report.variables.push_back({variable.name, variable.source_node, variable.key, value.dtype(),
                                value.shape(), value.byte_size(), variable.role, decision.derived,
                                decision.reasons});
  }
}

std::uint64_t float_bytes(const DType dtype, const Shape& shape) {
  if (!is_trainable_float(dtype)) return 0;
  return static_cast<std::uint64_t>(shape.element_count().value_or(0)) * element_size(dtype);
}

// A kernel kept in eight bits cannot be trained as it is stored.
std::size_t quantized_weights(const Graph& graph, const Plan& plan) {
  std::size_t count = 0;
  for (const Decision& decision : plan.decisions) {
    const std::optional<DType> dtype = graph.type_attr(decision.node, "dtype");
    const bool quantized =
        dtype == DType::quint8 || dtype == DType::qint8 || dtype == DType::quint16 || dtype == DType::qint16;
    if (decision.verdict != Verdict::variable && quantized) ++count;
  }
  return count;
}

void warn(const Graph& graph, const Plan& plan, ThawReport& report) {
  std::vector<std::string>& warnings = report.warnings;
  std::uint64_t thawed = 0, constant = 0;
  for (const ReportedVariable& variable : report.variables)
    thawed += float_bytes(variable.dtype, variable.shape);
  for (const auto* list : {&report.kept, &report.unsure}) {
    for (const ReportedConstant& kept : *list) constant += float_bytes(kept.dtype, kept.shape);
  }
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
  if (const std::size_t quantized = quantized_weights(graph, plan); quantized > 0) {
    warnings.push_back(std::to_string(quantized) + (quantized == 1 ? " constant is" : " constants are") +
                       " quantized and cannot be trained as stored: kept");
  }
  if (graph.has_library())
    warnings.push_back("the graph has functions: constants inside their bodies stay constants");
}

}  // namespace

ThawReport make_report(const Model& model, const Rewritten& rewritten, const ThawOptions& options,
                       const std::filesystem::path& prefix) {
  ThawReport report;
  const Graph& graph = *model.graph;
  report.source_path = model.file->name();
  report.source_bytes = model.file->size();
  report.source_format = name_of(model.kind);
  report.producer = graph.producer();
  report.nodes = graph.node_count();
  for (const Endpoint& input : rewritten.parts.signature.inputs)
    report.inputs.push_back({input.tensor, input.dtype, input.shape});
  for (const Endpoint& output : rewritten.parts.signature.outputs)
    report.outputs.push_back({output.tensor, output.dtype, output.shape});
  report_variables(rewritten.plan, report);
  report_constants(graph, rewritten.plan, report);
  for (const VariableNodes& local : rewritten.parts.locals) {
    report.locals.push_back(local.name);
    report.local_initializers.push_back(local.initializer);
  }
  for (const ChangeView& change : rewritten.draft.changes())
    report.changes.push_back({std::string(change.rule), std::string(change.node), std::string(change.what)});
  report.warnings = rewritten.plan.warnings;
  report.prefix = prefix.string();
  report.dry_run = options.dry_run;
  report.style = options.style;
  warn(graph, rewritten.plan, report);
  return report;
}

}  // namespace thaw::internal
