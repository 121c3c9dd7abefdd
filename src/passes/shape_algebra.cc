#include "passes/shape_algebra.h"

#include <algorithm>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

std::string dim_text(Dim dim) { return dim < 0 ? "?" : std::to_string(dim); }

Dim broadcast_dim(Dim a, Dim b) {
  if (a == 1) return b;
  if (b == 1 || a == b) return a;
  if (a >= 0 && b >= 0) clash("equal sizes or 1, not " + dim_text(a) + " and " + dim_text(b));
  // The unknown one is 1 or equal; next to a 0 it could be 1 as well.
  return std::max(a, b) > 1 ? std::max(a, b) : kAny;
}

}  // namespace

void clash(const std::string& expected) { throw Error(ErrorKind::usage, "shapes that do not fit", expected); }

Dim add(Dim a, Dim b) {
  Dim sum = 0;
  return a < 0 || b < 0 || __builtin_add_overflow(a, b, &sum) ? kAny : sum;
}

Dim multiply(Dim a, Dim b) {
  Dim result = 0;
  return a < 0 || b < 0 || __builtin_mul_overflow(a, b, &result) ? kAny : result;
}

Dim divide_exactly(Dim a, Dim by) {
  if (a < 0 || by <= 0) return kAny;
  if (a % by != 0) clash("a multiple of " + dim_text(by) + ", not " + dim_text(a));
  return a / by;
}

Dim product(const Dims& dims) {
  Dim all = 1;
  for (const Dim dim : dims) all = multiply(all, dim);
  return all;
}

Dim merged(Dim a, Dim b) {
  if (a >= 0 && b >= 0 && a != b) clash("equal sizes, not " + dim_text(a) + " and " + dim_text(b));
  return std::max(a, b);
}

Shape merged(const Shape& a, const Shape& b) {
  if (a.unknown_rank()) return b;
  if (b.unknown_rank()) return a;
  if (a.rank() != b.rank()) clash("shapes of one rank, not " + a.to_string() + " and " + b.to_string());
  Dims dims = a.dims();
  for (std::size_t i = 0; i < dims.size(); ++i) dims[i] = merged(dims[i], b.dims()[i]);
  return Shape(std::move(dims));
}

Shape ranked(const Shape& shape, std::size_t rank) {
  if (shape.unknown_rank()) return unknown_of_rank(rank);
  if (shape.rank() != rank) clash(std::to_string(rank) + " dimensions, not " + shape.to_string());
  return shape;
}

void require_rank(const Shape& shape, std::size_t at_least) {
  if (shape.unknown_rank() || shape.rank() >= at_least) return;
  clash("at least " + std::to_string(at_least) + (at_least == 1 ? " dimension" : " dimensions") + ", not " +
        shape.to_string());
}

Shape broadcast(const Shape& a, const Shape& b) {
  if (a.unknown_rank() || b.unknown_rank()) return Shape::of_unknown_rank();
  const Shape& longer = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  Dims dims = longer.dims();
  const std::size_t ahead = longer.rank() - shorter.rank();
  for (std::size_t i = 0; i < shorter.rank(); ++i) {
    dims[ahead + i] = broadcast_dim(dims[ahead + i], shorter.dims()[i]);
  }
  return Shape(std::move(dims));
}

Shape unknown_of_rank(std::size_t rank) { return Shape(Dims(rank, kAny)); }

Dim dim_of(const Shape& shape, std::size_t index) {
  return shape.unknown_rank() || index >= shape.rank() ? kAny : shape.dims()[index];
}

std::size_t place_of_axis(std::int64_t axis, std::size_t rank) {
  const auto count = static_cast<std::int64_t>(rank);
  if (axis < -count || axis >= count) {
    clash("a tensor that has axis " + std::to_string(axis) + ", not one of " + std::to_string(rank) +
          " dimensions");
  }
  return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

std::string text_of(const Numbers& numbers) {
  std::string text = "{";
  for (const Number& number : numbers) {
    if (text.size() > 1) text += ',';
    text += number ? std::to_string(*number) : "?";
  }
  return text + "}";
}

}  // namespace thaw::internal
