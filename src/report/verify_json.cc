#include <nlohmann/json.hpp>

#include "thaw/verify.h"

namespace thaw {

namespace {

using Json = nlohmann::ordered_json;

Json of(const Shape& shape) {
  if (shape.unknown_rank()) return nullptr;
  Json dims = Json::array();
  for (const std::int64_t dim : shape.dims()) dims.push_back(dim < 0 ? Json(nullptr) : Json(dim));
  return dims;
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json of(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

Json of(const std::optional<ValueDelta>& delta) {
  if (!delta) return nullptr;
  return {{"elements", delta->elements},   {"changed", delta->changed},
          {"within", delta->within},       {"not_finite", delta->not_finite},
          {"largest", of(delta->largest)}, {"relative", of(delta->relative)}};
}

Json of(const VerifyProblem& problem) {
  return {{"kind", name_of(problem.kind)},
          {"check", problem.check},
          {"file", text_or_null(problem.file)},
          {"byte", problem.byte ? Json(*problem.byte) : Json(nullptr)},
          {"key", text_or_null(problem.key)},
          {"node", text_or_null(problem.node)},
          {"what", problem.what},
          {"expected", problem.expected},
          {"hint", problem.hint},
          {"delta", of(problem.delta)}};
}

Json of(const VerifyCheck& check) {
  return {{"name", check.name},
          {"passed", check.passed},
          {"count", check.count},
          {"bytes", check.bytes},
          {"what", check.what}};
}

Json of(const VerifiedWeight& weight) {
  return {{"weight", weight.weight},
          {"node", weight.node},
          {"key", text_or_null(weight.key)},
          {"dtype", name_of(weight.dtype)},
          {"shape", of(weight.shape)},
          {"stage", weight.key.empty() || weight.by_content ? Json(nullptr) : Json(name_of(weight.stage))},
          {"by_content", weight.by_content},
          {"equal", weight.equal},
          {"why", weight.why},
          {"delta", of(weight.delta)}};
}

Json of(const OtherEntry& other) { return {{"key", other.key}, {"why", other.why}}; }
Json of(const ReportedFile& file) { return {{"path", file.path}, {"bytes", file.bytes}}; }

Json of(const std::optional<VerifiedModel>& model) {
  if (!model) return nullptr;
  return {{"path", model->path}, {"format", model->format}, {"bytes", model->bytes}};
}

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(of(item));
  return list;
}

}  // namespace

std::string to_json(const VerifyReport& report) {
  Json json{{"schema", "thaw.verify/1"}};
  json["path"] = report.path;
  json["format"] = report.format;
  json["entries"] = report.entries;
  json["model"] = of(report.model);
  json["tolerance"] = report.tolerance;
  json["verified"] = report.verified();
  json["checks"] = list_of(report.checks);
  json["problems"] = list_of(report.problems);
  json["weights"] = list_of(report.weights);
  json["others"] = list_of(report.others);
  json["files"] = list_of(report.files);
  json["warnings"] = report.warnings;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace thaw
