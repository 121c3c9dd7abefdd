#include <nlohmann/json.hpp>

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

Json of(const ReportedFile& file) { return {{"path", file.path}, {"bytes", file.bytes}}; }

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(of(item));
  return list;
}

}  // namespace

std::string_view name_of(MatchStage stage) {
  switch (stage) {
    case MatchStage::rule:
      return "rule";
    case MatchStage::exact:
      return "exact";
    case MatchStage::convention:
      return "convention";
    case MatchStage::scope:
      return "scope";
    case MatchStage::numbers:
      return "numbers";
    case MatchStage::sibling:
      return "sibling";
    case MatchStage::structure:
      return "structure";
    case MatchStage::order:
      return "order";
    case MatchStage::average:
      return "average";
  }
  return "";
}

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::weight:
      return "weight";
    case Origin::reset:
      return "reset";
    case Origin::initial:
      return "initial";
    case Origin::kept:
      return "kept";
    case Origin::zero:
      return "zero";
  }
  return "";
}

std::string_view name_of(FindingKind kind) {
  switch (kind) {
    case FindingKind::missing:
      return "missing";
    case FindingKind::mismatch:
      return "mismatch";
    case FindingKind::ambiguous:
      return "ambiguous";
    case FindingKind::derived:
      return "derived";
    case FindingKind::left_over:
      return "left_over";
  }
  return "";
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
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace thaw
