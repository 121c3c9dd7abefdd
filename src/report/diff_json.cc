#include <nlohmann/json.hpp>

#include "thaw/diff.h"

namespace thaw {

namespace {

using Json = nlohmann::ordered_json;

template <typename Item>
Json list_of(const std::vector<Item>& items);

Json of(const std::string& text) { return text; }

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

template <typename Number>
Json or_null(const std::optional<Number>& number) {
  return number ? Json(*number) : Json(nullptr);
}

Json of(const Shape& shape) {
  if (shape.unknown_rank()) return nullptr;
  Json dims = Json::array();
  for (const std::int64_t dim : shape.dims()) dims.push_back(dim < 0 ? Json(nullptr) : Json(dim));
  return dims;
}

Json of(const std::optional<ValueDelta>& delta) {
  if (!delta) return nullptr;
  return {{"elements", delta->elements},
          {"changed", delta->changed},
          {"within", delta->within},
          {"not_finite", delta->not_finite},
          {"largest", or_null(delta->largest)},
          {"relative", or_null(delta->relative)}};
}

Json of(const DiffSide& side) {
  return {{"path", side.path},
          {"format", side.format},
          {"bytes", side.bytes},
          {"nodes", or_null(side.nodes)},
          {"weights", or_null(side.weights)}};
}

Json tensor_of(DType dtype, const Shape& shape) {
  if (dtype == DType::invalid) return nullptr;
  return {{"dtype", name_of(dtype)}, {"shape", of(shape)}};
}

Json of(const WeightDifference& weight) {
  return {{"change", name_of(weight.change)},
          {"name", weight.name},
          {"other_name", or_null(weight.other_name)},
          {"state", or_null(weight.state)},
          {"expected", weight.expected},
          {"a", tensor_of(weight.dtype_a, weight.shape_a)},
          {"b", tensor_of(weight.dtype_b, weight.shape_b)},
          {"delta", of(weight.delta)}};
}

Json of(const PartDifference& part) {
  return {{"part", name_of(part.part)},
          {"name", part.name},
          {"from", or_null(part.from)},
          {"to", or_null(part.to)},
          {"delta", of(part.delta)}};
}

Json of(const NamedNode& node) { return {{"name", node.name}, {"op", node.op}}; }

Json of(const NodeDifference& node) {
  return {{"name", node.name},
          {"other_name", or_null(node.other_name)},
          {"op", node.op},
          {"parts", list_of(node.parts)}};
}

Json of(const FunctionRename& renamed) {
  return {{"name", renamed.name}, {"other_name", renamed.other_name}};
}

void add_nodes(const NodesDifference& nodes, Json& json) {
  json["equal"] = nodes.equal;
  json["added"] = list_of(nodes.added);
  json["removed"] = list_of(nodes.removed);
  json["changed"] = list_of(nodes.changed);
}

Json of(const FunctionDifference& function) {
  Json json{{"name", function.name},
            {"other_name", or_null(function.other_name)},
            {"parts", list_of(function.parts)}};
  add_nodes(function.nodes, json);
  return json;
}

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(of(item));
  return list;
}

Json graph_of(const DiffReport& report) {
  const GraphDifference& graph = report.graph;
  Json json{{"compared", report.graph_compared}, {"note", or_null(report.graph_note)}};
  add_nodes(graph.nodes, json);
  json["frozen"] = graph.frozen;
  json["left_out"] = graph.left_out;
  json["functions"] = {{"equal", graph.functions_equal},
                       {"added", list_of(graph.functions_added)},
                       {"removed", list_of(graph.functions_removed)},
                       {"changed", list_of(graph.functions_changed)},
                       {"renamed", list_of(graph.functions_renamed)}};
  json["versions"] = list_of(graph.versions);
  json["library"] = list_of(graph.library);
  return json;
}

}  // namespace

std::string to_json(const DiffReport& report) {
  Json json{{"schema", "thaw.diff/1"}};
  json["a"] = of(report.a);
  json["b"] = of(report.b);
  json["differs"] = report.differs();
  json["weights"] = {{"compared", report.weights_compared},
                     {"equal", report.weights_equal},
                     {"within", report.weights_within},
                     {"differences", list_of(report.weights)}};
  json["graph"] = graph_of(report);
  json["warnings"] = report.warnings;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace thaw
