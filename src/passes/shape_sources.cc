#include "passes/shape_rules.h"

namespace thaw::internal {

namespace {

// Before 1.2 (producer 24) nothing but `shape {}` could say "unknown"; up to 21 TensorFlow reads it so itself
// (core/ops/array_ops.cc, Placeholder).
constexpr std::int64_t kFirstWithUnknownRank = 24;

bool is_integer(DType dtype) { return dtype == DType::int32 || dtype == DType::int64; }

std::int64_t element_of(DType dtype, const unsigned char* bytes) {
  const std::size_t size = element_size(dtype);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < size; ++i) bits |= std::uint64_t{bytes[i]} << (8 * i);
  return dtype == DType::int32 ? static_cast<std::int32_t>(bits) : static_cast<std::int64_t>(bits);
}

void constant(ShapeQuery& query) {
  const std::optional<TensorHead> head = query.graph().tensor_head(query.node(), "value");
  if (!head) return;
  query.give(head->shape);
  const std::optional<std::int64_t> count = head->shape.element_count();
  if (!is_integer(head->dtype) || !count || *count > static_cast<std::int64_t>(kMostNumbers)) return;
  const std::string bytes = query.graph().tensor(query.node(), "value").value.bytes();
  Numbers numbers;
  for (std::size_t at = 0; at < bytes.size(); at += element_size(head->dtype)) {
    // Bytes of a string are chars; the format means unsigned ones.
    numbers.emplace_back(element_of(head->dtype, reinterpret_cast<const unsigned char*>(bytes.data()) + at));
  }
  query.give_numbers(0, std::move(numbers));
}

void placeholder(ShapeQuery& query) {
  const Shape shape = query.declared_shape();
  const bool scalar = !shape.unknown_rank() && shape.rank() == 0;
  const bool old = query.graph().producer().value_or(0) < kFirstWithUnknownRank;
  query.give(scalar && old ? Shape::of_unknown_rank() : shape);
}

void placeholder_v2(ShapeQuery& query) { query.give(query.declared_shape()); }

// Anything may be fed that fits the declared shape; the default must.
void placeholder_with_default(ShapeQuery& query) {
  const Shape shape = query.declared_shape();
  merged(query.shape(0), shape);
  query.give(shape);
}

void variable(ShapeQuery& query) { query.give(query.shape_attr("shape")); }

// Its scalar shape has always meant "unknown" (core/ops/state_ops.cc, Variable).
void oldest_variable(ShapeQuery& query) {
  const Shape shape = query.shape_attr("shape");
  if (shape.rank() > 0) query.give(shape);
}

void variable_handle(ShapeQuery& query) {
  TensorFact fact;
  fact.shape = Shape();
  fact.handle = std::make_shared<HandleFact>(HandleFact{kAny, query.shape_attr("shape")});
  query.give(std::move(fact));
}

void read_variable(ShapeQuery& query) {
  const auto& handle = query.input(0).handle;
  query.give(handle ? handle->shape : Shape::of_unknown_rank());
}

void spelled(ShapeQuery& query) { query.give(query.spelled_shape(0)); }

void choices(ShapeQuery& query) {
  const Number count = query.number(1);
  query.give(Shape({dim_of(ranked(query.shape(0), 2), 0), count && *count >= 0 ? *count : kAny}));
}

void range(ShapeQuery& query) {
  const Number start = query.number(0), limit = query.number(1), delta = query.number(2);
  Dim size = kAny;
  Dim span = 0;
  if (start && limit && delta && *delta > 0 && !__builtin_sub_overflow(*limit, *start, &span)) {
    size = span <= 0 ? 0 : (span - 1) / *delta + 1;
  }
  query.give(Shape({size}));
}

void many_spaced(ShapeQuery& query) {
  const Number count = query.number(2);
  query.give(Shape({count && *count >= 0 ? *count : kAny}));
}

// The output is the shape, rank or size of the input.
void shape_of(ShapeQuery& query) {
  const Shape& shape = query.shape(0);
  query.give(Shape({shape.unknown_rank() ? kAny : static_cast<Dim>(shape.rank())}));
}

void shapes_of(ShapeQuery& query) {
  for (std::size_t slot = 0; slot < query.input_count(); ++slot) {
    const Shape& shape = query.shape(slot);
    query.give(Shape({shape.unknown_rank() ? kAny : static_cast<Dim>(shape.rank())}));
  }
}

void scalar(ShapeQuery& query) { query.give(Shape()); }

constexpr ShapeRow kSourceRows[] = {
    {"Const", constant},
    {"Empty", spelled},
    {"Fill", spelled},
    {"LinSpace", many_spaced},
    {"LoopCond", scalar},
    {"Multinomial", choices},
    {"Placeholder", placeholder},
    {"PlaceholderV2", placeholder_v2},
    {"PlaceholderWithDefault", placeholder_with_default},
    {"RandomStandardNormal", spelled},
    {"RandomUniform", spelled},
    {"RandomUniformInt", spelled},
    {"Range", range},
    {"Rank", scalar},
    {"ReadVariableOp", read_variable},
    {"Shape", shape_of},
    {"ShapeN", shapes_of},
    {"Size", scalar},
    {"TruncatedNormal", spelled},
    {"VarHandleOp", variable_handle},
    {"Variable", oldest_variable},
    {"VariableV2", variable},
};

}  // namespace

std::span<const ShapeRow> source_shape_rows() { return kSourceRows; }

}  // namespace thaw::internal
