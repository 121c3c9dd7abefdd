#include <algorithm>
#include <limits>

#include "ops/op_table.h"
#include "passes/shape_rules.h"
#include "passes/shape_slices.h"

namespace thaw::internal {

namespace {

// The elements of an input, unknown ones when only their number is known. Nothing for large or open shapes.
std::optional<Numbers> elements_of(const ShapeQuery& query, std::size_t slot) {
  if (const Numbers* known = query.numbers(slot)) return *known;
  const std::optional<std::int64_t> count = query.shape(slot).element_count();
  if (!count || *count > static_cast<std::int64_t>(kMostNumbers)) return std::nullopt;
  return Numbers(static_cast<std::size_t>(*count));
}

bool is_vector(const Shape& shape) { return !shape.unknown_rank() && shape.rank() == 1; }

// The same elements in the same order, whatever the shape.
void same(ShapeQuery& query) {
  if (const Numbers* known = query.numbers(0)) query.give_numbers(0, *known);
}

void dims_of(ShapeQuery& query, std::size_t slot, std::size_t port) {
  const Shape& shape = query.shape(slot);
  if (shape.unknown_rank()) return;
  Numbers numbers;
  for (const Dim dim : shape.dims()) numbers.push_back(dim < 0 ? Number() : Number(dim));
  query.give_numbers(port, std::move(numbers));
}

void shape_numbers(ShapeQuery& query) { dims_of(query, 0, 0); }

void shapes_numbers(ShapeQuery& query) {
  for (std::size_t slot = 0; slot < query.input_count(); ++slot) dims_of(query, slot, slot);
}

void rank_number(ShapeQuery& query) {
  if (!query.shape(0).unknown_rank())
    query.give_numbers(0, {static_cast<std::int64_t>(query.shape(0).rank())});
}

void size_number(ShapeQuery& query) {
  const std::optional<std::int64_t> count = query.shape(0).element_count();
  if (count) query.give_numbers(0, {*count});
}

void fill(ShapeQuery& query) {
  const std::optional<std::int64_t> count = query.outputs().at(0).shape.element_count();
  if (!count || *count > static_cast<std::int64_t>(kMostNumbers)) return;
  query.give_numbers(0, Numbers(static_cast<std::size_t>(*count), query.number(1)));
}

void range(ShapeQuery& query) {
  const std::optional<std::int64_t> count = query.outputs().at(0).shape.element_count();
  const Number start = query.number(0), delta = query.number(2);
  if (!count || *count > static_cast<std::int64_t>(kMostNumbers) || !start || !delta) return;
  Numbers numbers;
  for (std::int64_t i = 0, at = *start; i < *count; ++i) {
    numbers.emplace_back(at);
    if (__builtin_add_overflow(at, *delta, &at)) break;
  }
  query.give_numbers(0, std::move(numbers));
}

// Tensors joined along their first axis follow each other.
void join(ShapeQuery& query, std::size_t first, std::size_t last) {
  Numbers all;
  for (std::size_t slot = first; slot < last; ++slot) {
    const std::optional<Numbers> part = elements_of(query, slot);
    if (!part || all.size() + part->size() > kMostNumbers) return;
    all.insert(all.end(), part->begin(), part->end());
  }
  query.give_numbers(0, std::move(all));
}

void pack(ShapeQuery& query) {
  if (query.integer("axis", 0) == 0) join(query, 0, query.input_count());
}

void concat_v2(ShapeQuery& query) {
  if (query.input_count() >= 2 && is_vector(query.shape(0))) join(query, 0, query.input_count() - 1);
}

void concat(ShapeQuery& query) {
  if (is_vector(query.shape(1))) join(query, 1, query.input_count());
}

void unpack(ShapeQuery& query) {
  const Numbers* known = query.numbers(0);
  if (known == nullptr || !is_vector(query.shape(0)) || query.outputs().ports.empty()) return;
  while (query.outputs().ports.size() < known->size()) query.give(Shape());
  for (std::size_t port = 0; port < known->size(); ++port) query.give_numbers(port, {(*known)[port]});
}

void strided_slice(ShapeQuery& query) {
  const std::optional<Numbers> input = elements_of(query, 0);
  if (!input || !is_vector(query.shape(0))) return;
  const auto plan = plan_slice(query);
  if (!plan) return;
  Numbers taken;
  for (const SlicePart& part : *plan) {
    if (part.kind == SlicePart::Kind::added) continue;
    if (!part.begin || part.size < 0) return;
    for (std::int64_t i = 0; i < part.size; ++i) {
      taken.push_back((*input)[static_cast<std::size_t>(*part.begin + i * part.stride)]);
    }
  }
  query.give_numbers(0, std::move(taken));
}

void slice(ShapeQuery& query) {
  const std::optional<Numbers> input = elements_of(query, 0);
  const std::optional<std::int64_t> size = query.outputs().at(0).shape.element_count();
  const Number begin = query.number(1);
  if (!input || !is_vector(query.shape(0)) || !begin || *begin < 0 || !size) return;
  const auto count = static_cast<std::int64_t>(input->size());
  if (*begin > count || *size > count - *begin) return;
  query.give_numbers(0, Numbers(input->begin() + *begin, input->begin() + *begin + *size));
}

void gather(ShapeQuery& query) {
  const std::optional<Numbers> input = elements_of(query, 0);
  const Numbers* indices = query.numbers(1);
  if (!input || !is_vector(query.shape(0)) || indices == nullptr) return;
  Numbers taken;
  for (const Number& index : *indices) {
    const bool inside = index && *index >= 0 && *index < static_cast<std::int64_t>(input->size());
    taken.push_back(inside ? (*input)[static_cast<std::size_t>(*index)] : std::nullopt);
  }
  query.give_numbers(0, std::move(taken));
}

using Operation = Number (*)(std::int64_t, std::int64_t);

Number sum(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? Number() : result;
}

Number difference(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_sub_overflow(a, b, &result) ? Number() : result;
}

Number product_of(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? Number() : result;
}

// Quotients of what sizes are: rounding has no two ways there.
Number quotient(std::int64_t a, std::int64_t b) { return a >= 0 && b > 0 ? Number(a / b) : Number(); }
Number remainder(std::int64_t a, std::int64_t b) { return a >= 0 && b > 0 ? Number(a % b) : Number(); }
Number larger(std::int64_t a, std::int64_t b) { return std::max(a, b); }
Number smaller(std::int64_t a, std::int64_t b) { return std::min(a, b); }

Number apply(Operation operation, const Number& a, const Number& b) {
  return a && b ? operation(*a, *b) : Number();
}

template <Operation operation>
void each(ShapeQuery& query) {
  const std::optional<Numbers> a = elements_of(query, 0), b = elements_of(query, 1);
  const bool plain = a && b && query.shape(0).rank() <= 1 && query.shape(1).rank() <= 1;
  if (!plain || (a->size() != b->size() && a->size() != 1 && b->size() != 1)) return;
  Numbers results(std::max(a->size(), b->size()));
  if (a->empty() || b->empty()) results.clear();
  for (std::size_t i = 0; i < results.size(); ++i) {
    results[i] = apply(operation, (*a)[a->size() == 1 ? 0 : i], (*b)[b->size() == 1 ? 0 : i]);
  }
  query.give_numbers(0, std::move(results));
}

// Over the only axis of a vector.
template <Operation operation>
void fold(ShapeQuery& query) {
  const Numbers* known = query.numbers(0);
  if (known == nullptr || known->empty() || !is_vector(query.shape(0))) return;
  Number result = known->front();
  for (std::size_t i = 1; i < known->size(); ++i) result = apply(operation, result, (*known)[i]);
  query.give_numbers(0, {result});
}

constexpr ShapeRow kRows[] = {
    {"Add", each<sum>},
    {"AddV2", each<sum>},
    {"Cast", same},
    {"Concat", concat},
    {"ConcatV2", concat_v2},
    {"Div", each<quotient>},
    {"ExpandDims", same},
    {"Fill", fill},
    {"FloorDiv", each<quotient>},
    {"FloorMod", each<remainder>},
    {"Gather", gather},
    {"GatherV2", gather},
    {"Max", fold<larger>},
    {"Maximum", each<larger>},
    {"Min", fold<smaller>},
    {"Minimum", each<smaller>},
    {"Mod", each<remainder>},
    {"Mul", each<product_of>},
    {"Pack", pack},
    {"Prod", fold<product_of>},
    {"Range", range},
    {"Rank", rank_number},
    {"Reshape", same},
    {"Shape", shape_numbers},
    {"ShapeN", shapes_numbers},
    {"Size", size_number},
    {"Slice", slice},
    {"Squeeze", same},
    {"StridedSlice", strided_slice},
    {"Sub", each<difference>},
    {"Sum", fold<sum>},
    {"TruncateDiv", each<quotient>},
    {"TruncateMod", each<remainder>},
    {"Unpack", unpack},
};

}  // namespace

std::span<const ShapeRow> number_rows() { return kRows; }

}  // namespace thaw::internal
