// Random programs of loops and branches over vectors of three floats: what they compute, and the graph that
// TensorFlow 1 would have written for them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace thaw::internal {

using Vector = std::array<float, 3>;

// Values have numbers: those that a block sees from outside come first, then a loop's own, then one after the
// other what its steps make.
struct Block;

struct Step {
  enum class Kind : std::uint8_t { negate, add, multiply, weight, constant, branch, loop };
  Kind kind = Kind::negate;
  std::size_t a = 0, b = 0;         // values that it takes
  Vector numbers = {};              // of a weight, which it multiplies with, or a constant, which it adds
  std::size_t predicate = 0;        // of a branch: which of the program's two
  bool on_count = false;            // of a branch in a loop: whether it is the loop's first turn, instead
  int turns = 0;                    // of a loop
  std::vector<std::size_t> begins;  // of a loop: what its values begin with
  std::vector<Block> blocks;        // of a branch: then, otherwise; of a loop: its body
};

struct Block {
  std::vector<Step> steps;
  std::vector<std::size_t> results;
};

struct RandomProgram {
  static constexpr std::size_t kInputs = 2;      // x0, x1
  static constexpr std::size_t kPredicates = 2;  // p0, p1

  Block main;  // its results are out0, out1 and so on

  // Bytes decide; where they end, nothing more happens.
  explicit RandomProgram(const std::string& choices);

  std::vector<Vector> compute(const std::array<Vector, kInputs>& inputs,
                              const std::array<bool, kPredicates>& predicates) const;
  // In the notation of support/graph_text.h.
  std::string graph_text() const;
};

}  // namespace thaw::internal
