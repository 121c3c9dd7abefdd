// A program as the graph that tf.while_loop and tf.cond of TensorFlow 1 make of it
// (python/ops/control_flow_ops.py): what comes from outside enters a loop through an Enter and a branch
// through a Switch, once each; constants inside wait for the pivot.
#include <fmt/format.h>

#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "fuzz/random_program.h"

namespace thaw::internal {

namespace {

struct Place;

struct Named {
  std::string tensor;  // "cond/Merge", "while/Switch:1"
  const Place* home = nullptr;
  const char* type = "f32";
};

// Where nodes are: outside of everything, in the body of a loop, in one side of a branch.
struct Place {
  Place* outer = nullptr;
  std::string scope;      // "while_1/", "" for none
  std::string pivot;      // what constants wait for, " ^while_1/Identity"
  std::string frame;      // of a loop
  std::string predicate;  // of a branch: in the outer place
  bool side = false;      // of a branch
  std::string count;      // of a loop: the number of the turn
  std::map<std::string, std::string> entered = {};
};

std::string vector_constant(const Vector& numbers) {
  return fmt::format("Const f32[3] = {} {} {}", numbers[0], numbers[1], numbers[2]);
}

class Writer {
 public:
  std::string text;

  void write(const RandomProgram& program) {
    Place root;
    std::vector<Named> values;
    for (std::size_t i = 0; i < RandomProgram::kPredicates; ++i) line("p{} = Placeholder bool[]", i);
    for (std::size_t i = 0; i < RandomProgram::kInputs; ++i) {
      line("x{} = Placeholder f32[3]", i);
      values.push_back({fmt::format("x{}", i), &root});
    }
    // So that there is always something to thaw.
    line("w = Const f32[3] = 0.5 0.25 2");
    line("w/read = Identity:f32 w");
    root_ = &root;
    const std::vector<Named> results = block(program.main, values, root);
    for (std::size_t i = 0; i < results.size(); ++i)
      line("out{} = Mul:f32 {} w/read", i, use(results[i], root));
  }

 private:
  template <typename... Parts>
  void line(fmt::format_string<Parts...> format, Parts&&... parts) {
    text += fmt::format(format, std::forward<Parts>(parts)...) + "\n";
  }
  std::string fresh(const Place& place, const std::string& word) {
    const int number = counts_[place.scope + word]++;
    return place.scope + word + (number == 0 ? "" : fmt::format("_{}", number));
  }

  // The tensor as nodes of `here` may take it.
  std::string use(const Named& value, Place& here) {
    if (value.home == &here) return value.tensor;
    const std::string outside = use(value, *here.outer);
    std::string& inside = here.entered[outside];
    if (!inside.empty()) return inside;
    if (here.frame.empty()) {
      const std::string node = fresh(here, "Switch");
      line("{} = Switch:{} {} {}", node, value.type, outside, here.predicate);
      inside = node + (here.side ? ":1" : "");
    } else {
      inside = fresh(here, "Enter");
      line("{} = Enter:{} {} | frame_name={} is_constant=true parallel_iterations=10", inside, value.type,
           outside, here.frame);
    }
    return inside;
  }

  std::vector<Named> block(const Block& block, std::vector<Named> values, Place& here) {
    for (const Step& step : block.steps) {
      for (const Named& made : write_step(step, values, here)) values.push_back(made);
    }
    std::vector<Named> results;
    for (const std::size_t result : block.results) results.push_back(values[result]);
    return results;
  }

  std::vector<Named> write_step(const Step& step, const std::vector<Named>& values, Place& here) {
    if (step.kind == Step::Kind::branch) return write_branch(step, values, here);
    if (step.kind == Step::Kind::loop) return write_loop(step, values, here);
    const std::string a = use(values[step.a], here);
    std::string node;
    if (step.kind == Step::Kind::negate) {
      node = fresh(here, "Neg");
      line("{} = Neg:f32 {}", node, a);
    } else if (step.kind == Step::Kind::add || step.kind == Step::Kind::multiply) {
      const char* op = step.kind == Step::Kind::add ? "Add" : "Mul";
      const std::string b = use(values[step.b], here);
      node = fresh(here, op);
      line("{} = {}:f32 {} {}", node, op, a, b);
    } else if (step.kind == Step::Kind::weight) {
      node = write_weight(step, a, here);
    } else {
      const std::string constant = fresh(here, "Const");
      line("{} = {}{}", constant, vector_constant(step.numbers), here.pivot);
      node = fresh(here, "Add");
      line("{} = Add:f32 {} {}", node, a, constant);
    }
    return {{node, &here}};
  }
  // A frozen variable stands outside of all loops and branches.
  std::string write_weight(const Step& step, const std::string& a, Place& here) {
    const std::string weight = fresh(*root_, "weight");
    line("{} = {}", weight, vector_constant(step.numbers));
    line("{}/read = Identity:f32 {}", weight, weight);
    const std::string read = use({weight + "/read", root_}, here);
    const std::string node = fresh(here, "Mul");
    line("{} = Mul:f32 {} {}", node, a, read);
    return node;
  }

  std::string predicate_of(const Step& step, Place& here) {
    if (!step.on_count) return use({fmt::format("p{}", step.predicate), root_, "bool"}, here);
    Place* loop = &here;
    while (loop->frame.empty()) loop = loop->outer;
    const std::string count = use({loop->count, loop, "i32"}, here);
    const std::string one = fresh(here, "Const"), less = fresh(here, "Less");
    line("{} = Const i32[] = 1{}", one, here.pivot);
    line("{} = Less:i32 {} {}", less, count, one);
    return less;
  }

  std::vector<Named> write_branch(const Step& step, const std::vector<Named>& values, Place& here) {
    const std::string predicate = predicate_of(step, here);
    const std::string scope = fresh(here, "cond") + "/";
    line("{}Switch = Switch:bool {} {}", scope, predicate, predicate);
    line("{}switch_t = Identity:bool {}Switch:1", scope, scope);
    line("{}switch_f = Identity:bool {}Switch", scope, scope);
    line("{}pred_id = Identity:bool {}", scope, predicate);
    counts_[scope + "Switch"] = 1;
    std::vector<std::vector<std::string>> sides;
    for (int side = 0; side < 2; ++side) {
      // Then is the side of true, output 1 of Switch.
      const bool is_true = side == 0;
      Place inside{&here,   scope, " ^" + scope + (is_true ? "switch_t" : "switch_f"), "", scope + "pred_id",
                   is_true, ""};
      std::vector<std::string> results;
      for (const Named& result : block(step.blocks[static_cast<std::size_t>(side)], values, inside))
        results.push_back(use(result, inside));
      sides.push_back(results);
    }
    std::vector<Named> merged;
    for (std::size_t i = 0; i < sides[0].size(); ++i) {
      const std::string merge = scope + "Merge" + (i == 0 ? "" : fmt::format("_{}", i));
      line("{} = Merge:f32 {} {} | N=2", merge, sides[1][i], sides[0][i]);
      merged.push_back({merge, &here});
    }
    return merged;
  }

  std::vector<Named> write_loop(const Step& step, const std::vector<Named>& values, Place& here) {
    const std::string scope = fresh(here, "while") + "/", frame = scope + "while_context";
    const std::string zero = scope + "zero";
    counts_[scope + "Less"] = 1;
    line("{} = Const i32[] = 0{}", zero, here.pivot);
    std::vector<std::string> begins = {zero};
    for (const std::size_t begin : step.begins) begins.push_back(use(values[begin], here));
    for (std::size_t i = 0; i < begins.size(); ++i) {
      const char* type = i == 0 ? "i32" : "f32";
      line("{0}begin_{1} = Enter:{2} {3} | frame_name={4} is_constant=false parallel_iterations=10", scope, i,
           type, begins[i], frame);
      line("{0}Merge_{1} = Merge:{2} {0}begin_{1} {0}NextIteration_{1} | N=2", scope, i, type);
    }
    line("{0}Less/y = Const i32[] = {1} ^{0}Merge_0", scope, step.turns);
    line("{0}Less = Less:i32 {0}Merge_0 {0}Less/y", scope);
    line("{0}LoopCond = LoopCond {0}Less", scope);
    for (std::size_t i = 0; i < begins.size(); ++i) {
      const char* type = i == 0 ? "i32" : "f32";
      line("{0}Switch_{1} = Switch:{2} {0}Merge_{1} {0}LoopCond", scope, i, type);
      line("{0}Identity_{1} = Identity:{2} {0}Switch_{1}:1", scope, i, type);
    }
    write_body(step, values, here, scope, frame);
    std::vector<Named> results;
    for (std::size_t i = 1; i < begins.size(); ++i) {
      line("{0}Exit_{1} = Exit:f32 {0}Switch_{1}", scope, i);
      results.push_back({fmt::format("{}Exit_{}", scope, i), &here});
    }
    return results;
  }

  void write_body(const Step& step, std::vector<Named> values, Place& here, const std::string& scope,
                  const std::string& frame) {
    Place body{&here, scope, " ^" + scope + "Identity_0", frame, "", false, scope + "Identity_0"};
    for (std::size_t i = 1; i <= step.begins.size(); ++i)
      values.push_back({fmt::format("{}Identity_{}", scope, i), &body});
    const std::vector<Named> results = block(step.blocks[0], values, body);
    line("{0}one = Const i32[] = 1 ^{0}Identity_0", scope);
    line("{0}next = Add:i32 {0}Identity_0 {0}one", scope);
    line("{0}NextIteration_0 = NextIteration:i32 {0}next", scope);
    for (std::size_t i = 0; i < results.size(); ++i)
      line("{}NextIteration_{} = NextIteration:f32 {}", scope, i + 1, use(results[i], body));
  }

  const Place* root_ = nullptr;
  std::map<std::string, int> counts_;
};

// As freezing leaves it: only what the outputs need.
std::string without_dead_lines(const std::string& text) {
  std::map<std::string, std::vector<std::string>> words;  // of a line, by its first
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream rest(line);
    std::vector<std::string> all{std::istream_iterator<std::string>(rest), {}};
    words[all[0]] = all;
  }
  std::vector<std::string> open = {"out0", "out1"};
  std::set<std::string> needed;
  while (!open.empty()) {
    std::string name = open.back();
    open.pop_back();
    if (name.starts_with('^')) name.erase(0, 1);
    name.erase(std::min(name.find(':'), name.size()));
    const auto found = words.find(name);
    if (found == words.end() || !needed.insert(name).second) continue;
    open.insert(open.end(), found->second.begin() + 2, found->second.end());
  }
  std::string kept;
  std::istringstream again(text);
  for (std::string line; std::getline(again, line);) {
    if (needed.contains(line.substr(0, line.find(' ')))) kept += line + "\n";
  }
  return kept;
}

}  // namespace

std::string RandomProgram::graph_text() const {
  Writer writer;
  writer.write(*this);
  return without_dead_lines(writer.text);
}

}  // namespace thaw::internal
