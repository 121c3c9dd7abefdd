#include <algorithm>

#include "passes/shape_rules.h"

namespace thaw::internal {

namespace {

void reduce(ShapeQuery& query) {
  const Shape& input = query.shape(0);
  if (input.unknown_rank()) return;
  const bool keep = query.flag("keep_dims", query.flag("keepdims", false));
  const Numbers* axes = query.numbers(1);
  const bool known =
      axes != nullptr && std::ranges::all_of(*axes, [](const Number& axis) { return axis.has_value(); });
  if (!known) return query.give(keep ? unknown_of_rank(input.rank()) : Shape::of_unknown_rank());
  std::vector<bool> reduced(input.rank());
  for (const Number& axis : *axes) reduced[place_of_axis(*axis, input.rank())] = true;
  Dims dims;
  for (std::size_t i = 0; i < input.rank(); ++i) {
    if (!reduced[i]) dims.push_back(input.dims()[i]);
    if (reduced[i] && keep) dims.push_back(1);
  }
  query.give(Shape(std::move(dims)));
}

void find_extreme(ShapeQuery& query) {
  const Shape& input = query.shape(0);
  if (input.unknown_rank()) return;
  if (input.rank() <= 1) return query.give(Shape());
  const Number axis = query.number(1);
  if (!axis) return query.give(unknown_of_rank(input.rank() - 1));
  Dims dims = input.dims();
  dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(place_of_axis(*axis, input.rank())));
  query.give(Shape(std::move(dims)));
}

void best(ShapeQuery& query, Number count) {
  const Shape& input = query.shape(0);
  require_rank(input, 1);
  if (input.unknown_rank()) return;
  Dims dims = input.dims();
  if (count && *count >= 0 && dims.back() >= 0 && dims.back() < *count) {
    clash("at least " + std::to_string(*count) + " columns, not " + std::to_string(dims.back()));
  }
  dims.back() = count && *count >= 0 ? *count : kAny;
  query.give_all(Shape(std::move(dims)));
}

void best_by_input(ShapeQuery& query) { best(query, query.number(1)); }
void best_by_attribute(ShapeQuery& query) { best(query, query.integer("k", kAny)); }

void in_best(ShapeQuery& query) {
  const Shape predictions = ranked(query.shape(0), 2), targets = ranked(query.shape(1), 1);
  query.give(Shape({merged(predictions.dims()[0], targets.dims()[0])}));
}

void one_number(ShapeQuery& query) { query.give(Shape()); }

void cross_entropy(ShapeQuery& query) {
  const Shape rows = ranked(broadcast(query.shape(0), query.shape(1)), 2);
  query.give(Shape({rows.dims()[0]}));
  query.give(rows);
}

void sparse_cross_entropy(ShapeQuery& query) {
  const Shape logits = ranked(query.shape(0), 2), labels = ranked(query.shape(1), 1);
  const Dim batch = merged(logits.dims()[0], labels.dims()[0]);
  query.give(Shape({batch}));
  query.give(Shape({batch, logits.dims()[1]}));
}

constexpr ShapeRow kReductionRows[] = {
    {"All", reduce},
    {"Any", reduce},
    {"ArgMax", find_extreme},
    {"ArgMin", find_extreme},
    {"EuclideanNorm", reduce},
    {"InTopK", in_best},
    {"InTopKV2", in_best},
    {"L2Loss", one_number},
    {"Max", reduce},
    {"Mean", reduce},
    {"Min", reduce},
    {"Prod", reduce},
    {"SoftmaxCrossEntropyWithLogits", cross_entropy},
    {"SparseSoftmaxCrossEntropyWithLogits", sparse_cross_entropy},
    {"Sum", reduce},
    {"TopK", best_by_attribute},
    {"TopKV2", best_by_input},
};

}  // namespace

std::span<const ShapeRow> reduction_shape_rows() { return kReductionRows; }

}  // namespace thaw::internal
