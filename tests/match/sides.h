// Weights and slots from lines, and a matching as lines: "conv/kernel <- conv/weights (convention)".
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "match/match.h"
#include "support/tensor_text.h"

namespace thaw::internal {

// "name 3,4"; no dimensions for a scalar.
struct NamedShape {
  std::string name;
  Shape shape;
};

inline NamedShape named_shape(const std::string& line) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string::npos) return {line, Shape({4})};
  std::vector<std::int64_t> dims;
  for (std::size_t at = blank + 1; at < line.size(); at = std::min(line.find(',', at), line.size() - 1) + 1)
    dims.push_back(std::stoll(line.substr(at)));
  return {line.substr(0, blank), Shape(dims)};
}

inline std::vector<Weight> weights_of(const std::vector<std::string>& lines) {
  std::vector<Weight> weights;
  for (const std::string& line : lines) {
    const auto [name, shape] = named_shape(line);
    weights.push_back({name, name, name, DType::float32, shape, false, false, true});
  }
  return weights;
}

inline std::vector<Slot> slots_of(const std::vector<std::string>& lines) {
  std::vector<Slot> slots;
  for (const std::string& line : lines) {
    const auto [name, shape] = named_shape(line);
    slots.push_back({name, {name}, DType::float32, shape, {}, {}, {}, false});
  }
  return slots;
}

struct Sides {
  std::vector<Weight> weights;
  std::vector<Slot> slots;
  Matching matching;

  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const Placement& placement : matching.placements) {
      lines.push_back(slots[placement.slot].name + " <- " + weights[placement.weight].name + " (" +
                      std::string(name_of(placement.stage)) + ")");
    }
    std::ranges::sort(lines);
    return lines;
  }
};

inline Sides matched(const std::vector<std::string>& weights, const std::vector<std::string>& slots,
                     const MatchWishes& wishes = {}) {
  Sides sides{weights_of(weights), slots_of(slots), {}};
  sides.matching = match(sides.weights, sides.slots, wishes);
  return sides;
}

}  // namespace thaw::internal
