// Arithmetic of dimensions and shapes of which parts are unknown. What cannot be told is unknown; what cannot
// be is a clash.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "passes/shape_fact.h"

namespace thaw::internal {

using Dim = std::int64_t;
using Dims = std::vector<Dim>;
inline constexpr Dim kAny = -1;
// TensorShape::MaxDimensions (core/framework/tensor_shape.h).
inline constexpr std::size_t kHighestRank = 254;

// Throws usage: shapes that meet in a node and do not fit. `expected` completes "expected ...".
[[noreturn]] void clash(const std::string& expected);

// Unknown when either is, or past 2^63 - 1.
Dim add(Dim a, Dim b);
Dim multiply(Dim a, Dim b);
// Unknown unless both are known; a clash unless `by` divides `a`. Zero divides nothing: unknown.
Dim divide_exactly(Dim a, Dim by);
// The product of all.
Dim product(const Dims& dims);

// Both must be equal where both are known.
Dim merged(Dim a, Dim b);
Shape merged(const Shape& a, const Shape& b);
// The shape with that many dimensions, unknown ones where nothing is known.
Shape ranked(const Shape& shape, std::size_t rank);
// Unknown rank, or at least so many dimensions.
void require_rank(const Shape& shape, std::size_t at_least);
// Of elementwise operations, as numpy does it.
Shape broadcast(const Shape& a, const Shape& b);

Shape unknown_of_rank(std::size_t rank);
// Unknown where the shape has no such dimension.
Dim dim_of(const Shape& shape, std::size_t index);
// 0 .. rank - 1; negative axes count from the end.
std::size_t place_of_axis(std::int64_t axis, std::size_t rank);

std::string text_of(const Numbers& numbers);  // "{16,?,2048}"

}  // namespace thaw::internal
