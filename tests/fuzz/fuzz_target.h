// A fuzz target: what is done with an input, how an input is changed, and inputs to begin with. libFuzzer
// runs them for hours (fuzz_main.cc, `make fuzz`); the ordinary tests a little, and on every input that once
// was too much (fuzz_test.cc).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hostile/mutation.h"
#include "thaw/error.h"

namespace thaw::internal {

struct FuzzTarget {
  std::string name;  // also of the folder of its inputs in tests/data/fuzz
  std::string what;  // an input of it, for people
  // Throws Violation. What it finds in order and what it refuses alike is fine.
  std::function<void(const std::string& input)> run;
  // A changed input. `donor` is another input, which lends pieces.
  std::function<std::string(const std::string& input, const std::string& donor, Chance& chance)> mutate;
  std::function<std::vector<std::string>()> seeds;
};

const std::vector<FuzzTarget>& fuzz_targets();

// A promise was broken. Not a std::exception, so that nothing on the way takes it for an error of the input.
struct Violation {
  std::string what;
};

void require(bool holds, const std::string& what);

// A report of any verb as people and as programs read it.
template <typename Report>
void require_words(const Report& report) {
  require(!to_text(report).empty() && !to_json(report).empty(), "a report without words");
}

// Runs `work`: true when it went through, false when it refused the input as it should: an Error about the
// input (`usage` too, when names are asked for), in three parts, none of which steers a terminal. Anything
// else is a Violation.
bool goes_through(const std::function<void()>& work, bool usage = false);

}  // namespace thaw::internal
