// libFuzzer's side of the targets: thaw_fuzz --target=NAME, then libFuzzer's options (one dash) and folders.
// Besides what the target and the sanitizers notice, an input may take no more than 5 seconds of the
// processor and no more memory than docs/robustness.md promises.
#include <sanitizer/allocator_interface.h>
#include <time.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "fuzz/fuzz_target.h"
#include "fuzz/small_disk.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace thaw::internal {
namespace {

constexpr double kMostSeconds = 5;
// What is promised, and the files in memory, of which a program writes none.
constexpr std::int64_t kMostBytes = (64 << 20) + 6 * static_cast<std::int64_t>(SmallDisk::kRoom);

const FuzzTarget* chosen = nullptr;
std::vector<std::string> lenders;  // inputs that lend pieces: the seeds
std::atomic<std::int64_t> live{0}, highest{0};

void count_in(const volatile void*, std::size_t size) {
  const std::int64_t now = live += static_cast<std::int64_t>(size);
  if (now > highest) highest = now;
}

void count_out(const volatile void* block) {
  live -= static_cast<std::int64_t>(__sanitizer_get_allocated_size(const_cast<const void*>(block)));
}

double processor_seconds() {
  timespec now;
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

[[noreturn]] void stop(const std::string& what) {
  std::fprintf(stderr, "\n%s: %s\n", chosen->name.c_str(), what.c_str());
  std::abort();
}

void list_targets() {
  for (const FuzzTarget& target : fuzz_targets())
    std::printf("%s\t%s\n", target.name.c_str(), target.what.c_str());
}

// --seeds=FOLDER writes what a corpus begins with.
void write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (std::size_t i = 0; i < lenders.size(); ++i)
    std::ofstream(folder / ("seed-" + std::to_string(i)), std::ios::binary) << lenders[i];
}

void read_word(std::string_view word) {
  constexpr std::string_view kTarget = "--target=", kSeeds = "--seeds=";
  if (word == "--list") {
    list_targets();
    std::exit(0);
  }
  if (word.starts_with(kTarget)) {
    for (const FuzzTarget& target : fuzz_targets()) {
      if (target.name == word.substr(kTarget.size())) chosen = &target;
    }
    if (chosen) lenders = chosen->seeds();
  }
  if (word.starts_with(kSeeds) && chosen) {
    write_seeds(word.substr(kSeeds.size()));
    std::exit(0);
  }
}

void check_input(const std::string& input) {
  const double began = processor_seconds();
  const std::int64_t before = live;
  highest = before;
  try {
    chosen->run(input);
  } catch (const Violation& violation) {
    stop(violation.what);
  }
  const double seconds = processor_seconds() - began;
  if (seconds > kMostSeconds) stop("it took " + std::to_string(seconds) + " seconds");
  const std::int64_t most = kMostBytes + 8 * static_cast<std::int64_t>(input.size());
  if (highest - before > most) stop("it took " + std::to_string((highest - before) >> 20) + " MiB of memory");
}

std::size_t put_changed(const std::string& input, const std::string& donor, Chance& chance, std::uint8_t* out,
                        std::size_t max_size) {
  const std::string changed = chosen->mutate(input, donor, chance);
  const std::size_t kept = std::min(changed.size(), max_size);
  std::copy_n(changed.data(), kept, reinterpret_cast<char*>(out));
  return kept;
}

}  // namespace
}  // namespace thaw::internal

extern "C" int LLVMFuzzerInitialize(int* count, char*** words) {
  using namespace thaw::internal;
  for (int i = 1; i < *count; ++i) read_word((*words)[i]);
  if (!chosen) {
    std::fprintf(stderr, "thaw_fuzz --target=NAME [libFuzzer's options]; --list names the targets\n");
    std::exit(2);
  }
  __sanitizer_install_malloc_and_free_hooks(count_in, count_out);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  thaw::internal::check_input(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  using namespace thaw::internal;
  Chance chance(seed);
  if (chance.below(4) == 0 || size == 0) return LLVMFuzzerMutate(data, size, max_size);
  const std::string input(reinterpret_cast<const char*>(data), size);
  return put_changed(input, lenders[chance.below(lenders.size())], chance, data, max_size);
}

// Two inputs that the fuzzer found are joined as one lends to the other.
extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data, std::size_t size,
                                                 const std::uint8_t* other, std::size_t other_size,
                                                 std::uint8_t* out, std::size_t max_size, unsigned int seed) {
  using namespace thaw::internal;
  Chance chance(seed);
  if (size == 0) return 0;
  return put_changed({reinterpret_cast<const char*>(data), size},
                     {reinterpret_cast<const char*>(other), other_size}, chance, out, max_size);
}
