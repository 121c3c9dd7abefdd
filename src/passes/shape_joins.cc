#include <algorithm>

#include "passes/shape_rules.h"

namespace thaw::internal {

namespace {

using Difference = std::ptrdiff_t;

struct Slots {
  std::size_t first, last;  // one behind
  std::size_t axis;
};

void concatenate(ShapeQuery& query, Slots slots) {
  std::size_t rank = 0;
  for (std::size_t slot = slots.first; slot < slots.last; ++slot) {
    require_rank(query.shape(slot), 1);
    if (!query.shape(slot).unknown_rank()) rank = query.shape(slot).rank();
  }
  if (rank == 0) return;
  const Number axis = query.number(slots.axis);
  if (!axis) {
    for (std::size_t slot = slots.first; slot < slots.last; ++slot) ranked(query.shape(slot), rank);
    return query.give(unknown_of_rank(rank));
  }
  const std::size_t along = place_of_axis(*axis, rank);
  Dims common(rank, kAny);
  Dim total = 0;
  for (std::size_t slot = slots.first; slot < slots.last; ++slot) {
    const Shape part = ranked(query.shape(slot), rank);
    for (std::size_t i = 0; i < rank; ++i) {
      if (i != along) common[i] = merged(common[i], part.dims()[i]);
    }
    total = add(total, part.dims()[along]);
  }
  common[along] = total;
  query.give(Shape(std::move(common)));
}

void concat(ShapeQuery& query) { concatenate(query, {1, query.input_count(), 0}); }

void concat_v2(ShapeQuery& query) {
  if (query.input_count() < 2) return;
  concatenate(query, {0, query.input_count() - 1, query.input_count() - 1});
}

void pack(ShapeQuery& query) {
  Shape common = Shape::of_unknown_rank();
  for (std::size_t slot = 0; slot < query.input_count(); ++slot) common = merged(common, query.shape(slot));
  if (common.unknown_rank()) return;
  Dims dims = common.dims();
  const std::size_t at = place_of_axis(query.integer("axis", 0), dims.size() + 1);
  dims.insert(dims.begin() + static_cast<Difference>(at), static_cast<Dim>(query.input_count()));
  query.give(Shape(std::move(dims)));
}

void unpack(ShapeQuery& query) {
  const Shape& input = query.shape(0);
  if (input.unknown_rank()) return;
  require_rank(input, 1);
  const std::size_t at = place_of_axis(query.integer("axis", 0), input.rank());
  const std::int64_t count = query.integer("num", kAny);
  Dims dims = input.dims();
  if (count >= 0 && dims[at] >= 0 && dims[at] != count) {
    clash(std::to_string(count) + " in dimension " + std::to_string(at) + ", one for each output, not " +
          std::to_string(dims[at]));
  }
  dims.erase(dims.begin() + static_cast<Difference>(at));
  query.give_all(Shape(std::move(dims)));
}

void split(ShapeQuery& query) {
  const Shape& input = query.shape(1);
  require_rank(input, 1);
  if (input.unknown_rank()) return;
  const Number axis = query.number(0);
  if (!axis) return query.give_all(unknown_of_rank(input.rank()));
  Dims dims = input.dims();
  Dim& along = dims[place_of_axis(*axis, dims.size())];
  along = divide_exactly(along, query.integer("num_split", kAny));
  query.give_all(Shape(std::move(dims)));
}

// The sizes of the parts; one of them may be -1, what is left. All unknown when they cannot be told.
Dims sizes_of_parts(const ShapeQuery& query, Dim whole) {
  const Numbers* numbers = query.numbers(1);
  if (numbers == nullptr) return {};
  Dims sizes;
  Dim known = 0;
  for (const Number& number : *numbers) {
    sizes.push_back(std::max(number.value_or(kAny), kAny));
    if (sizes.back() >= 0) known = add(known, sizes.back());
  }
  const auto open = std::ranges::count(sizes, kAny);
  if (whole < 0 || known < 0 || open > 1) return sizes;
  if (known > whole || (open == 0 && known != whole)) {
    clash(std::to_string(known) + " in all, as " + text_of(*numbers) + " says, not " + std::to_string(whole));
  }
  std::ranges::replace(sizes, kAny, whole - known);
  return sizes;
}

void split_by_sizes(ShapeQuery& query) {
  const Shape& input = query.shape(0);
  require_rank(input, 1);
  if (input.unknown_rank()) return;
  const Number axis = query.number(2);
  if (!axis) return query.give_all(unknown_of_rank(input.rank()));
  const std::size_t along = place_of_axis(*axis, input.rank());
  Dims dims = input.dims();
  const Dims sizes = sizes_of_parts(query, dims[along]);
  for (const Dim size : sizes) {
    dims[along] = size;
    query.give(Shape(dims));
  }
  dims[along] = kAny;
  if (sizes.empty()) query.give_all(Shape(std::move(dims)));
}

constexpr ShapeRow kJoinRows[] = {
    {"Concat", concat}, {"ConcatV2", concat_v2},    {"Pack", pack},
    {"Split", split},   {"SplitV", split_by_sizes}, {"Unpack", unpack},
};

}  // namespace

std::span<const ShapeRow> join_shape_rows() { return kJoinRows; }

}  // namespace thaw::internal
