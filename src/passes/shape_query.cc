#include "passes/shape_query.h"

#include <algorithm>

#include "tensor/shape.h"

namespace thaw::internal {

namespace {

const TensorFact& nothing_known() {
  static const TensorFact fact;
  return fact;
}

}  // namespace

const TensorFact& OutputFacts::at(std::uint32_t port) const {
  if (port < ports.size()) return ports[port];
  return repeats && !ports.empty() ? ports.back() : nothing_known();
}

const TensorFact& ShapeQuery::input(std::size_t slot) const {
  return slot < inputs_.size() ? *inputs_[slot] : nothing_known();
}

const Numbers* ShapeQuery::numbers(std::size_t slot) const {
  const TensorFact& fact = input(slot);
  return fact.numbers ? &*fact.numbers : nullptr;
}

Number ShapeQuery::number(std::size_t slot, std::size_t index) const {
  const Numbers* known = numbers(slot);
  return known != nullptr && index < known->size() ? (*known)[index] : std::nullopt;
}

Number ShapeQuery::number(std::size_t slot) const {
  const Numbers* known = numbers(slot);
  return known != nullptr && known->size() == 1 ? known->front() : std::nullopt;
}

Shape ShapeQuery::spelled_shape(std::size_t slot) const {
  const Shape& shape = input(slot).shape;
  // A scalar -1 spells an unknown shape (InferenceContext::MakeShapeFromShapeTensor).
  if (shape.unknown_rank() || shape.rank() != 1) return Shape::of_unknown_rank();
  const Numbers* known = numbers(slot);
  if (known == nullptr) {
    const Dim rank = shape.dims()[0];
    return rank < 0 || rank > static_cast<Dim>(kHighestRank)
               ? Shape::of_unknown_rank()
               : unknown_of_rank(static_cast<std::size_t>(rank));
  }
  Dims dims;
  for (const Number& number : *known) dims.push_back(std::max(number.value_or(kAny), kAny));
  return Shape(std::move(dims));
}

std::int64_t ShapeQuery::integer(Bytes key, std::int64_t otherwise) const {
  const std::optional<Bytes> value = graph_.attr(node_, key);
  return value ? attr_as_int(*value).value_or(otherwise) : otherwise;
}

bool ShapeQuery::flag(Bytes key, bool otherwise) const {
  const std::optional<Bytes> value = graph_.attr(node_, key);
  return value ? attr_as_bool(*value).value_or(otherwise) : otherwise;
}

std::string ShapeQuery::text(Bytes key, Bytes otherwise) const {
  const std::optional<Bytes> value = graph_.attr(node_, key);
  return std::string(value ? attr_as_string(*value).value_or(otherwise) : otherwise);
}

std::vector<std::int64_t> ShapeQuery::integers(Bytes key) const {
  const std::optional<Bytes> value = graph_.attr(node_, key);
  return value ? attr_as_ints(*value) : std::vector<std::int64_t>{};
}

Shape ShapeQuery::shape_attr(Bytes key) const {
  const std::optional<Bytes> value = graph_.attr(node_, key);
  const AttrView view = value ? view_attr(*value) : AttrView{};
  return view.kind == AttrKind::shape ? decode_shape(view.payload) : Shape::of_unknown_rank();
}

void ShapeQuery::give(Shape shape) { give(TensorFact{std::move(shape), {}, {}}); }

void ShapeQuery::give(TensorFact fact) {
  if (!fact.shape.unknown_rank() && fact.shape.rank() > kHighestRank) fact.shape = Shape::of_unknown_rank();
  outputs_.ports.push_back(std::move(fact));
}

void ShapeQuery::give_all(const Shape& shape) {
  give(shape);
  outputs_.repeats = true;
}

void ShapeQuery::give_numbers(std::size_t port, Numbers numbers) {
  if (port >= outputs_.ports.size()) return;
  TensorFact& fact = outputs_.ports[port];
  const std::optional<std::int64_t> count = fact.shape.element_count();
  if (count && *count == static_cast<std::int64_t>(numbers.size())) fact.numbers = std::move(numbers);
}

}  // namespace thaw::internal
