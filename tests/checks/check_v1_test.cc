#include "checks/check_v1.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/v1_fixture.h"

namespace thaw::internal {
namespace {

using namespace v1_fixture;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct CheckedV1 {
  VerifyReport report;
  StoredTensors stored;
};

CheckedV1 check(const std::map<std::filesystem::path, std::string>& files) {
  MemoryDestination destination;
  destination.files() = files;
  std::vector<std::filesystem::path> paths;
  for (const auto& [path, content] : files) paths.push_back(path);
  CheckedV1 checked;
  Findings findings(checked.report);
  const VerifyOptions options;
  ReadingProgress progress(options);
  checked.stored = check_v1(destination, paths, progress, findings);
  return checked;
}

TEST(CheckV1, PassesAWholeFile) {
  const CheckedV1 checked = check({{"m.ckpt", file_of(kTensors)}});
  EXPECT_THAT(checked.report.problems, IsEmpty());
  EXPECT_TRUE(checked.stored.all);
  EXPECT_EQ(checked.stored.tensors.size(), kTensors.size());
  ASSERT_EQ(checked.report.checks.size(), 2u);
  EXPECT_EQ(checked.report.checks[1].bytes, 28u);
}

TEST(CheckV1, FindsEveryChangedBit) {
  std::string file = file_of(kTensors);
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    char& byte = file[bit / 8];
    const char was = byte;
    byte = static_cast<char>(byte ^ (1 << (bit % 8)));
    ASSERT_FALSE(check({{"m.ckpt", file}}).report.verified()) << "bit " << bit;
    byte = was;
  }
}

TEST(CheckV1, FindsEveryCut) {
  const std::string file = file_of(kTensors);
  for (std::size_t size = 0; size < file.size(); ++size)
    ASSERT_FALSE(check({{"m.ckpt", file.substr(0, size)}}).report.verified()) << size;
}

// Checksums are right here.
TEST(CheckV1, CountsTheNumbersOfEachSlice) {
  for (const std::size_t count : {1, 3}) {
    std::vector<Tensor> tensors = kTensors;
    tensors[0].parts[0].numbers.resize(count);
    const CheckedV1 checked = check({{"m.ckpt", file_of(tensors)}});
    ASSERT_EQ(checked.report.problems.size(), 1u);
    EXPECT_EQ(checked.report.problems[0].key, "b");
    EXPECT_EQ(checked.report.problems[0].kind, ProblemKind::damaged);
    EXPECT_THAT(checked.report.problems[0].what, HasSubstr("numbers for the shape [2]"));
  }
}

TEST(CheckV1, WantsSlicesThatMakeUpTheTensor) {
  std::vector<Tensor> tensors = kTensors;
  tensors[2].parts.pop_back();
  const CheckedV1 checked = check({{"m.ckpt", file_of(tensors)}});
  ASSERT_EQ(checked.report.problems.size(), 1u);
  EXPECT_EQ(checked.report.problems[0].key, "cut");
  EXPECT_THAT(checked.report.problems[0].what, HasSubstr("in no slice"));
}

TEST(CheckV1, JoinsTheSlicesOfSeveralFiles) {
  const V1Part left = kTensors[2].parts[0], right = kTensors[2].parts[1];
  const Tensor first{"cut", Shape({2, 2}), {left}}, second{"cut", Shape({2, 2}), {right}};
  EXPECT_TRUE(check({{"m-0", file_of({first})}, {"m-1", file_of({second})}}).report.verified());
  const Tensor other{"cut", Shape({2, 3}), {right}};
  const VerifyReport report = check({{"m-0", file_of({first})}, {"m-1", file_of({other})}}).report;
  ASSERT_FALSE(report.problems.empty());
  EXPECT_TRUE(std::ranges::any_of(report.problems, [](const VerifyProblem& problem) {
    return problem.kind == ProblemKind::mismatch && problem.file == "m-1" && problem.key == "cut";
  }));
}

}  // namespace
}  // namespace thaw::internal
