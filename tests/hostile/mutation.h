// Damaged copies of a file, the same ones for the same seed everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace thaw::internal {

// std::mt19937_64 is the same on all platforms; the standard's distributions are not.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) {
    return limit == 0 ? 0 : static_cast<std::size_t>(engine_() % limit);
  }
  std::uint64_t bits() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

// One to four changes to the bytes, wherever they fall: most break the outermost layer.
std::string mutate_bytes(std::string bytes, Chance& chance);

// One to three changes to protobuf fields, with the lengths of all messages around them put right: most come
// through to what the fields mean. `donor` lends fields. Bytes that are no message come back as
// `mutate_bytes` leaves them.
std::string mutate_fields(std::string_view bytes, std::string_view donor, Chance& chance);

// One to three changes to the words of a text: names, numbers and brackets are removed, doubled, swapped or
// replaced.
std::string mutate_words(std::string_view text, Chance& chance);

}  // namespace thaw::internal
