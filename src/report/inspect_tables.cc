#include <algorithm>
#include <array>
#include <charconv>

#include "report/phrases.h"
#include "report/table.h"
#include "thaw/error.h"
#include "thaw/inspect.h"

namespace thaw {

namespace {

std::uint64_t numbers_of(const Shape& shape) {
  return static_cast<std::uint64_t>(shape.element_count().value_or(0));
}

template <typename Row>
void by_size_then_name(std::vector<Row>& rows, auto size, auto name) {
  std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) {
    return size(a) != size(b) ? size(a) > size(b) : name(a) < name(b);
  });
}

// A weight of the graph or an entry of the checkpoint.
struct WeightRow {
  const std::string* name;
  DType dtype;
  const Shape* shape;
  std::uint64_t bytes;
  std::string role;
  const std::optional<TensorStatistics>* statistics;
};

std::vector<WeightRow> rows_of(const InspectedGraph& graph) {
  std::vector<WeightRow> rows;
  for (const InspectedWeight& weight : graph.weights)
    rows.push_back(
        {&weight.name, weight.dtype, &weight.shape, weight.bytes,
         std::string(name_of(weight.role)) + (weight.derived ? ", derived" : "") +
             (weight.stored == DType::invalid ? "" : ", from " + std::string(name_of(weight.stored))),
         &weight.statistics});
  return rows;
}

// Those that no variable of the graphs stands for.
std::vector<WeightRow> rows_of(const InspectedCheckpoint& checkpoint,
                               const std::vector<InspectedGraph>& graphs) {
  std::vector<Bytes> told;
  for (const InspectedGraph& graph : graphs) {
    for (const InspectedWeight& weight : graph.weights)
      told.insert(told.end(), weight.keys.begin(), weight.keys.end());
  }
  std::ranges::sort(told);
  std::vector<WeightRow> rows;
  for (const InspectedEntry& entry : checkpoint.entries) {
    if (!std::ranges::binary_search(told, Bytes(entry.key)))
      rows.push_back({&entry.name, entry.dtype, &entry.shape, entry.bytes,
                      entry.kind.empty() ? "weight" : entry.kind, &entry.statistics});
  }
  return rows;
}

class InspectTables {
 public:
  InspectTables(const InspectReport& report, const InspectStyle& style, bool head)
      : report_(report), style_(style), head_(head) {}

  std::string run() {
    if (style_.weights) weights();
    if (style_.io) io();
    if (style_.ops) ops();
    if (style_.tree) tree();
    return std::move(out_);
  }

 private:
  std::string number(std::uint64_t count) const {
    return style_.width == 0 ? std::to_string(count) : with_commas(count);
  }
  std::string bytes(std::uint64_t count) const {
    return style_.width == 0 ? std::to_string(count) : human_bytes(count);
  }
  std::string real(const std::optional<double>& value) const {
    if (!value) return "-";
    std::array<char, 64> digits;
    const auto [end, fault] = style_.width == 0
                                  ? std::to_chars(digits.data(), digits.data() + digits.size(), *value)
                                  : std::to_chars(digits.data(), digits.data() + digits.size(), *value,
                                                  std::chars_format::general, 4);
    return {digits.data(), end};
  }

  // Which file, and which of its graphs, where there may be several.
  std::string label(const InspectedGraph* graph) const {
    std::string text = escaped(report_.path);
    if (graph == nullptr || report_.graphs.size() < 2) return text;
    std::string tags;
    for (const std::string& tag : graph->tags) tags += (tags.empty() ? "" : ",") + escaped(tag);
    return text + "[" + tags + "]";
  }

  bool is_labelled() const { return style_.name_file || report_.graphs.size() > 1; }

  Table begin(std::vector<TableColumn> columns) const {
    if (is_labelled()) columns.insert(columns.begin(), {"file", false, true, 0});
    return Table(std::move(columns));
  }

  void add(Table& table, const InspectedGraph* graph, std::vector<std::string> cells) const {
    if (is_labelled()) cells.insert(cells.begin(), label(graph));
    table.add(std::move(cells));
  }

  void end(const Table& table) {
    if (!out_.empty()) out_ += "\n";
    out_ += style_.width == 0 ? table.tabbed(head_) : table.fitted(style_.width, style_.color);
  }

  std::vector<TableColumn> weight_columns() const {
    std::vector<TableColumn> columns{{"name", false, true, 0},   {"dtype", false, false, 5},
                                     {"shape", false, false, 1}, {"parameters", true, false, 3},
                                     {"bytes", true, false, 6},  {"role", false, false, 4}};
    if (!style_.statistics) return columns;
    for (const char* title : {"min", "max", "mean"}) columns.push_back({title, true, false, 0});
    columns.push_back({"std", true, false, 2});
    columns.push_back({"zeros", true, false, 2});
    columns.push_back({"nan", true, false, 0});
    columns.push_back({"inf", true, false, 0});
    return columns;
  }

  void add_weights(Table& table, const InspectedGraph* graph, std::vector<WeightRow> rows) {
    const auto name = [](const WeightRow& row) -> const std::string& { return *row.name; };
    if (style_.order == InspectOrder::size)
      by_size_then_name(rows, [](const WeightRow& row) { return row.bytes; }, name);
    for (const WeightRow& row : rows) {
      std::vector<std::string> cells{escaped(*row.name),     std::string(name_of(row.dtype)),
                                     row.shape->to_string(), number(numbers_of(*row.shape)),
                                     bytes(row.bytes),       escaped(row.role)};
      if (style_.statistics) add_statistics(cells, *row.statistics);
      add(table, graph, std::move(cells));
    }
  }

  void add_statistics(std::vector<std::string>& cells, const std::optional<TensorStatistics>& found) const {
    if (!found) {
      cells.insert(cells.end(), 7, "-");
      return;
    }
    for (const auto& figure : {found->min, found->max, found->mean, found->deviation})
      cells.push_back(real(figure));
    for (const std::uint64_t count : {found->zeros, found->nans, found->infinities})
      cells.push_back(number(count));
  }

  void weights() {
    Table table = begin(weight_columns());
    for (const InspectedGraph& graph : report_.graphs) add_weights(table, &graph, rows_of(graph));
    if (report_.checkpoint) add_weights(table, nullptr, rows_of(*report_.checkpoint, report_.graphs));
    end(table);
  }

  void io() {
    Table table = begin({{"signature", false, false, 2},
                         {"kind", false, false, 0},
                         {"key", false, true, 3},
                         {"name", false, true, 0},
                         {"dtype", false, false, 0},
                         {"shape", false, false, 0},
                         {"why", false, false, 1}});
    for (const InspectedGraph& graph : report_.graphs) {
      if (graph.signatures.empty()) add_io(table, graph, "", graph.inputs, graph.outputs);
      for (const InspectedSignature& signature : graph.signatures)
        add_io(table, graph, signature.name, signature.inputs, signature.outputs);
    }
    end(table);
  }

  void add_io(Table& table, const InspectedGraph& graph, const std::string& signature,
              const std::vector<InspectedTensor>& inputs, const std::vector<InspectedTensor>& outputs) {
    const std::array<std::pair<const char*, const std::vector<InspectedTensor>*>, 2> sides{
        {{"input", &inputs}, {"output", &outputs}}};
    for (const auto& [kind, tensors] : sides) {
      std::vector<InspectedTensor> sorted = *tensors;
      if (style_.order == InspectOrder::name) std::ranges::sort(sorted, {}, &InspectedTensor::name);
      if (style_.order == InspectOrder::size)
        by_size_then_name(
            sorted, [](const InspectedTensor& tensor) { return numbers_of(tensor.shape); },
            [](const InspectedTensor& tensor) -> const std::string& { return tensor.name; });
      for (const InspectedTensor& tensor : sorted)
        add(table, &graph,
            {escaped(signature), kind, escaped(tensor.key), escaped(tensor.name),
             std::string(name_of(tensor.dtype)), tensor.shape.to_string(), tensor.why});
    }
  }

  void ops() {
    Table table = begin({{"op", false, true, 0},
                         {"nodes", true, false, 0},
                         {"in functions", true, false, 0},
                         {"gradient", false, false, 0}});
    for (const InspectedGraph& graph : report_.graphs) {
      std::vector<InspectedOp> sorted = graph.ops;
      if (style_.order != InspectOrder::name)
        by_size_then_name(
            sorted, [](const InspectedOp& op) { return op.nodes + op.nodes_of_functions; },
            [](const InspectedOp& op) -> const std::string& { return op.op; });
      for (const InspectedOp& op : sorted)
        add(table, &graph,
            {escaped(op.op), number(op.nodes), number(op.nodes_of_functions),
             std::string(name_of(op.gradient))});
    }
    end(table);
  }

  void tree() {
    Table table = begin({{"scope", false, true, 0},
                         {"nodes", true, false, 2},
                         {"weights", true, false, 1},
                         {"parameters", true, false, 0},
                         {"bytes", true, false, 0}});
    for (const InspectedGraph& graph : report_.graphs) add_scopes(table, &graph, graph.scopes);
    const bool alone = report_.checkpoint && report_.graphs.empty();
    if (alone) add_scopes(table, nullptr, report_.checkpoint->scopes);
    end(table);
  }

  void add_scopes(Table& table, const InspectedGraph* graph, std::vector<InspectedScope> scopes) {
    const bool by_size = style_.order == InspectOrder::size;
    if (by_size)
      by_size_then_name(
          scopes, [](const InspectedScope& scope) { return scope.bytes; },
          [](const InspectedScope& scope) -> const std::string& { return scope.name; });
    for (const InspectedScope& scope : scopes) {
      const bool indented = style_.width > 0 && !by_size && scope.name != ".";
      add(table, graph,
          {indented ? below(scope.name) : escaped(scope.name), number(scope.nodes), number(scope.weights),
           number(scope.parameters), bytes(scope.bytes)});
    }
  }

  // "    c" for "a/b/c".
  static std::string below(const std::string& name) {
    const auto deep = static_cast<std::size_t>(std::ranges::count(name, '/'));
    return std::string(2 * deep + 2, ' ') + escaped(name.substr(name.rfind('/') + 1));
  }

  const InspectReport& report_;
  const InspectStyle& style_;
  bool head_;
  std::string out_;
};

}  // namespace

std::string to_tables(const InspectReport& report, const InspectStyle& style, bool head) {
  return InspectTables(report, style, head).run();
}

}  // namespace thaw
