#include "passes/shape_rules.h"

#include <unordered_map>

namespace thaw::internal {

namespace {

using Table = std::unordered_map<std::string_view, ShapeRule>;

Table make_table(std::initializer_list<std::span<const ShapeRow>> parts) {
  Table table;
  for (const std::span<const ShapeRow> rows : parts) {
    for (const ShapeRow& row : rows) table.emplace(row.op, row.rule);
  }
  return table;
}

ShapeRule find_in(const Table& table, std::string_view op) {
  const auto found = table.find(op);
  return found == table.end() ? nullptr : found->second;
}

}  // namespace

ShapeRule find_shape_rule(std::string_view op) {
  static const Table kTable =
      make_table({source_shape_rows(), elementwise_shape_rows(), reduction_shape_rows(), array_shape_rows(),
                  join_shape_rows(), slice_shape_rows(), product_shape_rows(), window_shape_rows(),
                  image_shape_rows(), layer_shape_rows()});
  return find_in(kTable, op);
}

ShapeRule find_number_rule(std::string_view op) {
  static const Table kTable = make_table({number_rows()});
  return find_in(kTable, op);
}

}  // namespace thaw::internal
