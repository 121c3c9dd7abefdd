// A random program of loops and branches: all of them are raised, and what the raised graph computes is what
// the program does, to the last bit; thawed with and without raising, it is proved and leads back. The first
// byte may ask for damage: then one or two fields of the graph are changed, and only no promise may be
// broken.
#include <cstring>

#include "draft/draft.h"
#include "fuzz/functional_interpreter.h"
#include "fuzz/random_program.h"
#include "fuzz/small_disk.h"
#include "fuzz/targets.h"
#include "io/crc32c.h"
#include "passes/raise_control_flow.h"
#include "support/graph_text.h"
#include "thaw/thaw.h"

namespace thaw::internal {

namespace {

constexpr std::array<Vector, RandomProgram::kInputs> kFed = {{{0.5f, -1.25f, 2}, {-0.75f, 1, 3}}};

void check_results(const RandomProgram& program, const std::shared_ptr<const Graph>& raised) {
  for (int choice = 0; choice < 4; ++choice) {
    const std::array<bool, 2> predicates = {choice % 2 != 0, choice / 2 != 0};
    std::map<std::string, FunctionalInterpreter::Elements> fed;
    for (std::size_t i = 0; i < 2; ++i) {
      fed["x" + std::to_string(i)] = {kFed[i].begin(), kFed[i].end()};
      fed["p" + std::to_string(i)] = {predicates[i] ? 1.0f : 0.0f};
    }
    FunctionalInterpreter interpreter(raised, fed);
    const std::vector<Vector> expected = program.compute(kFed, predicates);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto found = interpreter.output_of("out" + std::to_string(i));
      const Vector factors = {0.5f, 0.25f, 2};  // the weight that every result is multiplied with
      for (std::size_t k = 0; k < factors.size(); ++k) {
        const float number = expected[i][k] * factors[k];
        require(std::memcmp(&number, &found.at(k), sizeof number) == 0,
                "the raised graph computes something else");
      }
    }
  }
}

void check_raising(const RandomProgram& program, const std::string& bytes) {
  Draft draft(graph_text::read_graph(memory_source(bytes)));
  const Raised raised = raise_control_flow(draft, {});
  for (const NotRaised& left : raised.left) throw Violation{"not raised: " + left.node + ": " + left.reason};
  check_results(program, graph_text::read_graph(memory_source(draft.emit().bytes())));
}

void check_thawing(const std::string& bytes, bool must_go) {
  for (const bool saved_model : {false, true}) {
    const auto disk = std::make_shared<SmallDisk>();
    ThawOptions options;
    if (saved_model) options.saved_model = "out/saved";
    const bool thawed =
        goes_through([&] { thaw_model(memory_source(bytes, "model"), "out/model.ckpt", options, disk); });
    require(thawed || !must_go, "a program of TensorFlow is refused");
  }
  if (must_go) round_trip_target().run(bytes);
}

void run_control_flow(const std::string& input) {
  const RandomProgram program(input.substr(std::min<std::size_t>(1, input.size())));
  const bool damaged = !input.empty() && static_cast<unsigned char>(input[0]) >= 128;
  std::string bytes = graph_text::graph_bytes(program.graph_text());
  if (damaged) {
    Chance chance(crc32c(input));
    bytes = mutate_fields(bytes, bytes, chance);
    check_thawing(bytes, false);
    return;
  }
  check_raising(program, bytes);
  check_thawing(bytes, true);
}

std::vector<std::string> program_seeds() {
  std::vector<std::string> seeds = {std::string(1, '\0')};
  Chance chance(1);
  for (int i = 0; i < 20; ++i) {
    std::string choices(1, '\0');
    for (int k = 0; k < 60; ++k) choices += static_cast<char>(chance.bits());
    seeds.push_back(choices);
  }
  return seeds;
}

}  // namespace

FuzzTarget control_flow_target() {
  return {"control_flow", "choices of a program", run_control_flow,
          [](const std::string& input, const std::string&, Chance& chance) {
            return input.empty() ? std::string(1, '\0') : mutate_bytes(input, chance);
          },
          program_seeds};
}

}  // namespace thaw::internal
