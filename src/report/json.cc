#include <nlohmann/json.hpp>

#include "thaw/error.h"
#include "thaw/freeze.h"
#include "thaw/report.h"
#include "thaw/transplant.h"

namespace thaw {

namespace {

using Json = nlohmann::ordered_json;

Json of(const Shape& shape) {
  if (shape.unknown_rank()) return nullptr;
  Json dims = Json::array();
  for (const std::int64_t dim : shape.dims()) dims.push_back(dim < 0 ? Json(nullptr) : Json(dim));
  return dims;
}

Json of(const Reasons& reasons) {
  Json list = Json::array();
  for (const Reason& reason : reasons) {
    Json item{{"rule", reason.rule}};
    if (!reason.node.empty()) item["node"] = reason.node;
    if (reason.slot >= 0) item["slot"] = reason.slot;
    list.push_back(std::move(item));
  }
  return list;
}

Json rules_of(const Reasons& reasons) {
  Json list = Json::array();
  for (const Reason& reason : reasons) list.push_back(reason.rule);
  return list;
}

Json of(const ReportedTensor& tensor) {
  return {{"name", tensor.name}, {"dtype", name_of(tensor.dtype)}, {"shape", of(tensor.shape)}};
}

Json of(const std::optional<ReportedPlace>& place) {
  if (!place) return nullptr;
  return {{"name", place->function}, {"node", place->node}};
}

Json of(const ReportedVariable& variable) {
  return {{"name", variable.name},
          {"node", variable.node},
          {"function", of(variable.place)},
          {"key", variable.key},
          {"dtype", name_of(variable.dtype)},
          {"shape", of(variable.shape)},
          {"bytes", variable.bytes},
          {"role", name_of(variable.role)},
          {"trainable", variable.role == Role::trainable},
          {"derived", variable.derived},
          {"rules", rules_of(variable.reasons)},
          {"reasons", of(variable.reasons)},
          {"stored", variable.stored == DType::invalid ? Json(nullptr) : Json(name_of(variable.stored))}};
}

Json of(const std::optional<ReportedFloatOps>& found) {
  if (!found) return nullptr;
  return {{"operations", found->operations}, {"roundings", found->roundings}, {"left", found->left}};
}

Json of(const ReportedConstant& constant) {
  return {{"node", constant.node},
          {"function", of(constant.place)},
          {"dtype", name_of(constant.dtype)},
          {"shape", of(constant.shape)},
          {"rules", rules_of(constant.reasons)},
          {"reasons", of(constant.reasons)}};
}

Json of(const ReportedChange& change) {
  return {{"rule", change.rule}, {"node", change.node}, {"what", change.what}};
}

Json of(const ReportedLoop& loop) {
  return {
      {"frame", loop.frame}, {"depth", loop.depth}, {"variables", loop.variables}, {"trains", loop.trains}};
}

Json of(const ReportedOp& op) { return {{"node", op.node}, {"op", op.op}}; }

Json of(const ReportedFile& file) { return {{"path", file.path}, {"bytes", file.bytes}}; }

Json of(const TransplantedEntry& entry) {
  Json json{{"key", entry.key},
            {"dtype", name_of(entry.dtype)},
            {"shape", of(entry.shape)},
            {"bytes", entry.bytes},
            {"origin", name_of(entry.origin)}};
  if (entry.origin == Origin::weight) {
    json["stage"] = name_of(entry.stage);
    json["weight"] = entry.weight;
    json["node"] = entry.node;
  }
  json["why"] = entry.why;
  if (!entry.layout.empty()) json["layout"] = {{"rule", entry.layout_rule}, {"what", entry.layout}};
  if (!entry.joined.empty()) json["joined"] = entry.joined;
  return json;
}

Json of(const TransplantFinding& finding) {
  return {{"kind", name_of(finding.kind)},
          {"weights", finding.weights},
          {"entries", finding.entries},
          {"what", finding.what},
          {"rule", finding.rule}};
}

Json of(const ReportedFrozen& variable) {
  return {{"name", variable.name},
          {"key", variable.key},
          {"dtype", name_of(variable.dtype)},
          {"shape", of(variable.shape)},
          {"bytes", variable.bytes}};
}

Json of(const ReportedState& state) { return {{"name", state.name}, {"why", state.why}}; }

Json of_signature_tensor(const ReportedTensor& tensor) {
  Json json = of(tensor);
  json["tensor"] = tensor.tensor;
  return json;
}

Json of(const ReportedSignature& signature) {
  Json inputs = Json::array(), outputs = Json::array();
  for (const ReportedTensor& input : signature.inputs) inputs.push_back(of_signature_tensor(input));
  for (const ReportedTensor& output : signature.outputs) outputs.push_back(of_signature_tensor(output));
  return {{"name", signature.name}, {"inputs", std::move(inputs)}, {"outputs", std::move(outputs)}};
}

Json of(const ReportedDropout& dropout) {
  return {{"scope", dropout.scope},
          {"tensor", dropout.tensor},
          {"state", name_of(dropout.state)},
          {"dial", dropout.dial.empty() ? Json(nullptr) : Json(dropout.dial)}};
}

Json of(const ReportedLeft& left) { return {{"node", left.node}, {"why", left.why}}; }

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(of(item));
  return list;
}

Json of(const std::optional<ReportedCarried>& carried) {
  if (!carried) return nullptr;
  return {{"values", carried->values_path},
          {"variables", carried->variables},
          {"state", carried->state},
          {"others", carried->others},
          {"left_out", carried->left_out}};
}

Json of(const std::optional<ReportedControlFlow>& found) {
  if (!found) return nullptr;
  Json repairs = Json::array();
  for (const auto& [rule, count] : found->repairs) repairs.push_back({{"rule", rule}, {"count", count}});
  return {{"loops", list_of(found->loops)},
          {"conds", found->conds},
          {"blocked_conds", found->blocked_conds},
          {"repairs", std::move(repairs)},
          {"without_gradient", list_of(found->without_gradient)},
          {"problems", found->problems}};
}

Json of(const std::optional<ReportedSavedModel>& saved_model) {
  if (!saved_model) return nullptr;
  return {{"path", saved_model->path},
          {"objects", saved_model->objects},
          {"why_plain", saved_model->objects ? Json(nullptr) : Json(saved_model->why_plain)},
          {"signatures", list_of(saved_model->signatures)},
          {"methods", saved_model->methods},
          {"trains", saved_model->trains},
          {"incomplete", saved_model->incomplete},
          {"raised",
           {{"loops", saved_model->loops}, {"conds", saved_model->conds}, {"arrays", saved_model->arrays}}},
          {"not_raised", saved_model->not_raised}};
}

Json of(const std::optional<ReportedBatchNorms>& found) {
  if (!found) return nullptr;
  return {{"training", found->training.empty() ? Json(nullptr) : Json(found->training)},
          {"momentum", found->momentum},
          {"fused", found->fused},
          {"arithmetic", found->arithmetic},
          {"update_ops", found->update_ops},
          {"left", list_of(found->left)}};
}

// Names may hold anything; what is no UTF-8 is replaced.
std::string line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string to_json(const ThawReport& report) {
  Json json{{"schema", "thaw.thaw/1"}};
  json["source"] = {{"path", report.source_path},
                    {"bytes", report.source_bytes},
                    {"format", report.source_format},
                    {"producer", report.producer ? Json(*report.producer) : Json(nullptr)}};
  json["nodes"] = report.nodes;
  json["inputs"] = list_of(report.inputs);
  json["outputs"] = list_of(report.outputs);
  json["variables"] = list_of(report.variables);
  json["added_state"] = report.added_state;
  json["carried"] = of(report.carried);
  json["locals"] = report.locals;
  json["local_initializers"] = report.local_initializers;
  json["control_flow"] = of(report.control_flow);
  json["dropouts"] = list_of(report.dropouts);
  json["unfolded"] = report.unfolded;
  json["batch_norms"] = of(report.batch_norms);
  json["target_tf"] = report.target_tf.empty() ? Json(nullptr) : Json(report.target_tf);
  json["float_ops"] = of(report.float_ops);
  json["kept"] = list_of(report.kept);
  json["unsure"] = list_of(report.unsure);
  json["changes"] = list_of(report.changes);
  json["style"] = report.style == VariableStyle::resource ? "resource" : "ref";
  json["prefix"] = report.prefix;
  json["dry_run"] = report.dry_run;
  json["files"] = list_of(report.files);
  json["saved_model"] = of(report.saved_model);
  json["proof"] = {{"nodes_equal", report.nodes_equal},
                   {"nodes_explained", report.nodes_explained},
                   {"functions_equal", report.functions_equal},
                   {"functions_explained", report.functions_explained},
                   {"values_verified", report.values_verified}};
  json["warnings"] = report.warnings;
  return line(json);
}

std::string to_json(const FreezeReport& report) {
  Json json{{"schema", "thaw.freeze/1"}};
  json["source"] = {{"path", report.source_path},
                    {"format", report.source_format},
                    {"values", report.values_path.empty() ? Json(nullptr) : Json(report.values_path)},
                    {"producer", report.producer ? Json(*report.producer) : Json(nullptr)},
                    {"nodes", report.source_nodes}};
  json["signature"] = report.signature.empty() ? Json(nullptr) : Json(report.signature);
  json["inputs"] = list_of(report.inputs);
  json["outputs"] = list_of(report.outputs);
  json["variables"] = list_of(report.variables);
  json["state"] = list_of(report.state);
  json["tables"] = report.tables;
  json["nodes"] = report.nodes;
  json["pruned"] = report.pruned;
  json["functions"] = report.functions;
  json["functions_frozen"] = report.functions_frozen;
  json["changes"] = list_of(report.changes);
  json["dry_run"] = report.dry_run;
  json["file"] = {{"path", report.path}, {"bytes", report.bytes}};
  json["proof"] = {{"values_verified", report.values_verified}};
  json["warnings"] = report.warnings;
  return line(json);
}

std::string to_json(const TransplantReport& report) {
  Json json{{"schema", "thaw.transplant/1"}};
  json["source"] = {
      {"path", report.source_path}, {"bytes", report.source_bytes}, {"format", report.source_format}};
  json["target"] = {
      {"path", report.target_path}, {"format", report.target_format}, {"entries", report.target_entries}};
  json["complete"] = report.complete;
  json["weights"] = report.weights;
  json["entries"] = list_of(report.entries);
  json["findings"] = list_of(report.findings);
  json["skipped"] = report.skipped;
  json["unfrozen"] = report.unfrozen;
  json["prefix"] = report.prefix;
  json["dry_run"] = report.dry_run;
  json["files"] = list_of(report.files);
  json["proof"] = {{"values_verified", report.values_verified}};
  json["warnings"] = report.warnings;
  return line(json);
}

std::string to_json(const Error& error) {
  return line(Json{{"schema", "thaw.error/1"},
                   {"kind", name_of(error.kind())},
                   {"places", error.places()},
                   {"problem", error.problem()},
                   {"expected", error.expected()},
                   {"hint", error.hint()}});
}

}  // namespace thaw
