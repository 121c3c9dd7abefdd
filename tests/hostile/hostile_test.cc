// Whatever bytes come in: a checkpoint, or an error that says what is wrong, what was expected and what to
// try. Never a crash, a bug reported as one, memory without bound, or a file left behind.
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "fuzz/fuzz_target.h"
#include "fuzz/small_disk.h"
#include "fuzz/test_data.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "hostile/mutation.h"
#include "thaw/thaw.h"

#if defined(__has_feature)  // clang's way; __SANITIZE_ADDRESS__ is GCC's
#define THAW_WATCHED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define THAW_WATCHED 1
#else
#define THAW_WATCHED 0
#endif

// A length of the file that is believed shows as an allocation that no small model needs.
#if THAW_WATCHED
extern "C" const char* __asan_default_options() { return "max_allocation_size_mb=256"; }
#endif

namespace thaw::internal {
namespace {

constexpr int kMutations = 500;  // of each of ten models; tests/fuzz goes further

struct SmallModel {
  std::string name, bytes;
};

void PrintTo(const SmallModel& model, std::ostream* out) { *out << model.name; }

const std::vector<SmallModel>& models() {
  static const std::vector<SmallModel> all = [] {
    std::vector<SmallModel> found;
    for (const auto& path : files_of("small_models"))
      found.push_back({path.filename().string(), whole_file(path)});
    return found;
  }();
  return all;
}

// Restored at the end; an allocation beyond it is a bad_alloc, and that fails the test.
class MemoryLimit {
 public:
  MemoryLimit() {
    ::getrlimit(RLIMIT_AS, &before_);
#if !THAW_WATCHED
    const rlimit small = {rlim_t{1} << 30, before_.rlim_max};
    ::setrlimit(RLIMIT_AS, &small);
#endif
  }
  ~MemoryLimit() { ::setrlimit(RLIMIT_AS, &before_); }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  rlimit before_ = {};
};

// True when the bytes were still a model.
bool survives(const std::string& bytes) {
  const auto destination = std::make_shared<SmallDisk>(16u << 20);
  bool thawed = false;
  try {
    thawed = goes_through([&] {
      const ThawReport report = thaw_model(memory_source(bytes, "model"), "out/model.ckpt", {}, destination);
      EXPECT_EQ(destination->files().size(), 4U);
      EXPECT_FALSE(report.variables.empty());
    });
  } catch (const Violation& violation) {
    ADD_FAILURE() << violation.what;
  }
  if (!thawed) {
    EXPECT_THAT(destination->files(), testing::IsEmpty());
  }
  if (testing::Test::HasFailure()) {
    // What to look at, where a developer finds it.
    std::ofstream(std::filesystem::temp_directory_path() / "thaw-hostile-failure", std::ios::binary) << bytes;
  }
  return thawed;
}

class Hostile : public testing::TestWithParam<SmallModel> {
  MemoryLimit limit_;
};

INSTANTIATE_TEST_SUITE_P(Models, Hostile, testing::ValuesIn(models()), [](const auto& each) {
  std::string name = each.param.name;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

TEST_P(Hostile, IntactItIsThawed) { EXPECT_TRUE(survives(GetParam().bytes)); }

TEST_P(Hostile, CutAnywhere) {
  const std::string& bytes = GetParam().bytes;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    survives(bytes.substr(0, size));
    ASSERT_FALSE(HasFailure()) << "cut after " << size << " bytes";
  }
}

// A flipped bit in a weight, or a word of a name, is still a model; the rest must be refused. Both have to
// occur, or the damage is not what this test is about.
TEST_P(Hostile, Damaged) {
  const auto& [name, bytes] = GetParam();
  const bool is_text = name.ends_with("txt");
  std::uint64_t seed = 0;
  for (const char c : name) seed = seed * 131 + static_cast<unsigned char>(c);
  Chance chance(seed);
  int thawed = 0;
  for (int i = 0; i < kMutations; ++i) {
    const std::string& donor = models()[chance.below(models().size())].bytes;
    const bool raw = i % 2 == 0;
    const std::string damaged = raw       ? mutate_bytes(bytes, chance)
                                : is_text ? mutate_words(bytes, chance)
                                          : mutate_fields(bytes, donor, chance);
    thawed += survives(damaged) ? 1 : 0;
    ASSERT_FALSE(HasFailure()) << "mutation " << i;
  }
  EXPECT_GT(thawed, 0);
  EXPECT_LT(thawed, kMutations);
}

TEST(Hostility, HasTenModels) { EXPECT_EQ(models().size(), 10U); }

}  // namespace
}  // namespace thaw::internal
