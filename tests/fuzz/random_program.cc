#include "fuzz/random_program.h"

#include <algorithm>

namespace thaw::internal {

namespace {

constexpr std::size_t kMostSteps = 4, kMostDepth = 3, kMostLoopValues = 2, kMostTurns = 3;

class Maker {
 public:
  explicit Maker(const std::string& choices) : choices_(choices) {}

  Block block(std::size_t visible, std::size_t results, std::size_t depth, bool in_loop) {
    Block made;
    for (std::size_t left = below(kMostSteps + 1); left > 0; --left) {
      made.steps.push_back(step(visible, depth, in_loop));
      visible += made.steps.back().blocks.empty() ? 1 : made.steps.back().blocks[0].results.size();
    }
    for (std::size_t i = 0; i < results; ++i) made.results.push_back(visible - 1 - below(visible));
    return made;
  }

 private:
  std::size_t below(std::size_t limit) {
    return at_ < choices_.size() ? static_cast<unsigned char>(choices_[at_++]) % limit : 0;
  }
  Vector numbers() {
    Vector made = {};
    for (float& number : made) number = static_cast<float>(below(9)) / 4 - 1;
    return made;
  }

  Step step(std::size_t visible, std::size_t depth, bool in_loop) {
    Step made;
    made.kind = static_cast<Step::Kind>(below(depth < kMostDepth ? 7 : 5));
    made.a = visible - 1 - below(visible);
    made.b = visible - 1 - below(visible);
    if (made.kind == Step::Kind::weight || made.kind == Step::Kind::constant) made.numbers = numbers();
    if (made.kind == Step::Kind::branch) make_branch(made, visible, depth, in_loop);
    if (made.kind == Step::Kind::loop) make_loop(made, visible, depth);
    return made;
  }
  void make_branch(Step& made, std::size_t visible, std::size_t depth, bool in_loop) {
    made.predicate = below(RandomProgram::kPredicates);
    made.on_count = in_loop && below(2) == 0;
    const std::size_t results = 1 + below(2);
    for (int i = 0; i < 2; ++i) made.blocks.push_back(block(visible, results, depth + 1, in_loop));
  }
  void make_loop(Step& made, std::size_t visible, std::size_t depth) {
    made.turns = static_cast<int>(below(kMostTurns + 1));
    for (std::size_t left = 1 + below(kMostLoopValues); left > 0; --left)
      made.begins.push_back(visible - 1 - below(visible));
    made.blocks.push_back(block(visible + made.begins.size(), made.begins.size(), depth + 1, true));
  }

  const std::string& choices_;
  std::size_t at_ = 0;
};

class Computer {
 public:
  explicit Computer(const std::array<bool, RandomProgram::kPredicates>& predicates)
      : predicates_(predicates) {}

  std::vector<Vector> run(const Block& block, std::vector<Vector> values, int turn) const {
    for (const Step& step : block.steps) {
      for (const Vector& made : run_step(step, values, turn)) values.push_back(made);
    }
    std::vector<Vector> results;
    for (const std::size_t result : block.results) results.push_back(values[result]);
    return results;
  }

 private:
  template <typename Combine>
  static std::vector<Vector> each(const Vector& a, const Vector& b, Combine combine) {
    Vector made = {};
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = combine(a[i], b[i]);
    return {made};
  }

  std::vector<Vector> run_step(const Step& step, const std::vector<Vector>& values, int turn) const {
    const Vector &a = values[step.a], &b = values[step.b];
    switch (step.kind) {
      case Step::Kind::negate:
        return each(a, a, [](float x, float) { return -x; });
      case Step::Kind::add:
        return each(a, b, [](float x, float y) { return x + y; });
      case Step::Kind::multiply:
        return each(a, b, [](float x, float y) { return x * y; });
      case Step::Kind::weight:
        return each(a, step.numbers, [](float x, float y) { return x * y; });
      case Step::Kind::constant:
        return each(a, step.numbers, [](float x, float y) { return x + y; });
      case Step::Kind::branch:
        return run(step.blocks[(step.on_count ? turn == 0 : predicates_[step.predicate]) ? 0 : 1], values,
                   turn);
      default:
        return run_loop(step, values);
    }
  }
  std::vector<Vector> run_loop(const Step& step, const std::vector<Vector>& values) const {
    std::vector<Vector> own;
    for (const std::size_t begin : step.begins) own.push_back(values[begin]);
    for (int turn = 0; turn < step.turns; ++turn) {
      std::vector<Vector> seen = values;
      seen.insert(seen.end(), own.begin(), own.end());
      own = run(step.blocks[0], seen, turn);
    }
    return own;
  }

  const std::array<bool, RandomProgram::kPredicates>& predicates_;
};

}  // namespace

RandomProgram::RandomProgram(const std::string& choices) {
  main = Maker(choices).block(kInputs, 2, 0, false);
}

std::vector<Vector> RandomProgram::compute(const std::array<Vector, kInputs>& inputs,
                                           const std::array<bool, kPredicates>& predicates) const {
  return Computer(predicates).run(main, {inputs.begin(), inputs.end()}, -1);
}

}  // namespace thaw::internal
