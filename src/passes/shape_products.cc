#include "passes/shape_rules.h"

namespace thaw::internal {

namespace {

Dim inner(Dim left, Dim right) {
  if (left >= 0 && right >= 0 && left != right) {
    clash("as many columns on the left as rows on the right, not " + std::to_string(left) + " and " +
          std::to_string(right));
  }
  return left;
}

struct Sides {
  bool left, right;  // turned over
};

void multiply_matrices(ShapeQuery& query, Sides turned) {
  const Shape a = ranked(query.shape(0), 2), b = ranked(query.shape(1), 2);
  inner(a.dims()[turned.left ? 0 : 1], b.dims()[turned.right ? 1 : 0]);
  query.give(Shape({a.dims()[turned.left ? 1 : 0], b.dims()[turned.right ? 0 : 1]}));
}

void matrix_product(ShapeQuery& query) {
  multiply_matrices(query, {query.flag("transpose_a", false), query.flag("transpose_b", false)});
}

void quantized_product(ShapeQuery& query) {
  matrix_product(query);
  query.give_all(Shape());
}

Shape batch_of(const Shape& shape) { return Shape(Dims(shape.dims().begin(), shape.dims().end() - 2)); }

// The two last dimensions are matrices, those before them count them.
void multiply_batches(ShapeQuery& query, Shape (*combine)(const Shape&, const Shape&)) {
  const Shape &a = query.shape(0), &b = query.shape(1);
  require_rank(a, 2);
  require_rank(b, 2);
  if (a.unknown_rank() || b.unknown_rank()) return;
  const bool turn_a = query.flag("adj_x", false), turn_b = query.flag("adj_y", false);
  const std::size_t rows = a.rank() - (turn_a ? 1 : 2), columns = b.rank() - (turn_b ? 2 : 1);
  inner(a.dims()[turn_a ? a.rank() - 2 : a.rank() - 1], b.dims()[turn_b ? b.rank() - 1 : b.rank() - 2]);
  Dims dims = combine(batch_of(a), batch_of(b)).dims();
  dims.push_back(a.dims()[rows]);
  dims.push_back(b.dims()[columns]);
  query.give(Shape(std::move(dims)));
}

void batch_product(ShapeQuery& query) { multiply_batches(query, merged); }
void broadcast_batch_product(ShapeQuery& query) { multiply_batches(query, broadcast); }

constexpr ShapeRow kProductRows[] = {
    {"BatchMatMul", batch_product},
    {"BatchMatMulV2", broadcast_batch_product},
    {"BatchMatMulV3", broadcast_batch_product},
    {"MatMul", matrix_product},
    {"QuantizedMatMul", quantized_product},
    {"SparseMatMul", matrix_product},
};

}  // namespace

std::span<const ShapeRow> product_shape_rows() { return kProductRows; }

}  // namespace thaw::internal
