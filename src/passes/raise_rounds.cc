#include "passes/raise_rounds.h"

#include <algorithm>
#include <limits>

namespace thaw::internal {

namespace {

constexpr std::int32_t kAnyNumber = -1;

class RoundCounter {
 public:
  RoundCounter(RaiseTensors& tensors, const Construct& loop, const RaiseShapes& shapes)
      : tensors_(tensors), loop_(loop), shapes_(shapes) {}

  // The least that any part of the condition allows.
  std::int32_t run() {
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::vector<Edge> parts{loop_.gives[0][0]};
    std::unordered_set<NodeId> seen;
    while (!parts.empty()) {
      const Edge part = parts.back();
      parts.pop_back();
      if (part.node == kNoNode || !seen.insert(part.node).second) continue;
      const Bytes op = tensors_.draft().op(part.node);
      if (op == "LogicalAnd" || op == "Identity") {
        for (const Edge& input : data_inputs(part.node)) parts.push_back(input);
      } else if (op == "Less") {
        least = std::min(least, rounds_until(part.node).value_or(least));
      }
    }
    const bool fits = least <= std::numeric_limits<std::int32_t>::max();
    return fits ? static_cast<std::int32_t>(least) : kAnyNumber;
  }

 private:
  std::vector<Edge> data_inputs(NodeId node) {
    std::vector<Edge> found;
    for (const Edge& input : tensors_.draft().inputs_now(node)) {
      if (!input.is_control()) found.push_back(behind(input));
    }
    return found;
  }

  // Identities of one loop stand for what they take.
  Edge behind(Edge tensor) {
    tensor = tensors_.origin(tensor);
    for (int step = 0; step < kMostSteps && is_identity(tensor.node); ++step)
      tensor = tensors_.origin(tensors_.draft().inputs_now(tensor.node)[0]);
    return tensor;
  }

  bool is_identity(NodeId node) const {
    const auto inputs = tensors_.draft().inputs_now(node);
    return tensors_.draft().op(node) == "Identity" && !inputs.empty() && !inputs[0].is_control();
  }

  std::optional<std::int64_t> rounds_until(NodeId less) {
    const std::vector<Edge> compared = data_inputs(less);
    if (compared.size() != 2) return std::nullopt;
    const auto variable = std::ranges::find(loop_.merges, compared[0]);
    if (variable == loop_.merges.end()) return std::nullopt;
    const auto index = static_cast<std::size_t>(variable - loop_.merges.begin());
    const Number first = shapes_.number(loop_.starts[index]), end = shapes_.number(compared[1]);
    if (!first || !end || !counts_up(*variable, loop_.gives[1][index])) return std::nullopt;
    // Both are what 32 or 64 bits hold: their difference may be more.
    constexpr std::int64_t kFar = std::numeric_limits<std::int32_t>::max();
    if (*first < -kFar || *first > kFar || *end < -kFar || *end > kFar) return std::nullopt;
    return std::max(*end - *first, std::int64_t{0});
  }

  bool counts_up(const Edge& variable, const Edge& next) {
    const Edge sum = behind(next);
    const Bytes op = tensors_.draft().op(sum.node);
    if (op != "Add" && op != "AddV2") return false;
    const std::vector<Edge> parts = data_inputs(sum.node);
    if (parts.size() != 2) return false;
    const bool is_first = parts[0] == variable;
    return (is_first || parts[1] == variable) && shapes_.number(parts[is_first ? 1 : 0]) == 1;
  }

  static constexpr int kMostSteps = 16;

  RaiseTensors& tensors_;
  const Construct& loop_;
  const RaiseShapes& shapes_;
};

}  // namespace

std::int32_t most_rounds(RaiseTensors& tensors, const Construct& loop, const RaiseShapes& shapes) {
  return RoundCounter(tensors, loop, shapes).run();
}

}  // namespace thaw::internal
