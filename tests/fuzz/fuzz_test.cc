// What fuzzing found once (tests/data/fuzz), the inputs that it begins with, and a few that are made of them:
// the targets keep working, and nothing that was mended breaks again.
#include <gtest/gtest.h>

#include "fuzz/fuzz_target.h"
#include "fuzz/test_data.h"
#include "io/crc32c.h"

namespace thaw::internal {
namespace {

constexpr int kChangedInputs = 60;  // of each target

class Fuzz : public testing::TestWithParam<FuzzTarget> {
 protected:
  static void expect_in_order(const std::string& input, const std::string& which) {
    try {
      GetParam().run(input);
    } catch (const Violation& violation) {
      ADD_FAILURE() << which << ": " << violation.what;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Targets, Fuzz, testing::ValuesIn(fuzz_targets()),
                         [](const auto& each) { return each.param.name; });

TEST_P(Fuzz, WhatItFoundOnce) {
  for (const auto& path : files_of("fuzz/" + GetParam().name))
    expect_in_order(whole_file(path), path.filename().string());
}

TEST_P(Fuzz, WhatItBeginsWith) {
  const std::vector<std::string> seeds = GetParam().seeds();
  ASSERT_FALSE(seeds.empty());
  for (std::size_t i = 0; i < seeds.size(); ++i) expect_in_order(seeds[i], "seed " + std::to_string(i));
}

TEST_P(Fuzz, AFewInputs) {
  const std::vector<std::string> seeds = GetParam().seeds();
  Chance chance(crc32c(GetParam().name));
  std::string input = seeds[0];
  for (int i = 0; i < kChangedInputs && !HasFailure(); ++i) {
    if (i % 4 == 0) input = seeds[chance.below(seeds.size())];
    input = GetParam().mutate(input, seeds[chance.below(seeds.size())], chance);
    expect_in_order(input, "input " + std::to_string(i));
  }
}

}  // namespace

void PrintTo(const FuzzTarget& target, std::ostream* out) { *out << target.name; }

}  // namespace thaw::internal
