// FreeNames: NAME, NAME_1, NAME_2 and so on, as TensorFlow numbers what has the name of something else.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace thaw::internal {

class FreeNames {
 public:
  // The first of `wanted`, `wanted`_1 and so on that is not taken. Where very many want one name, the numbers
  // that were found taken are not tried again: what of them has become free since then stays so.
  template <typename IsTaken>
  std::string next(const std::string& wanted, const IsTaken& is_taken) {
    constexpr std::uint32_t kMany = 64;
    const auto passed = passed_.find(wanted);
    std::uint32_t number = passed == passed_.end() ? 0 : passed->second;
    std::string name = wanted;
    while (is_taken(name)) name = wanted + "_" + std::to_string(++number);
    if (number > kMany) passed_[wanted] = number - 1;
    return name;
  }

 private:
  std::unordered_map<std::string, std::uint32_t> passed_;  // of names that many want: the last number but one
};

}  // namespace thaw::internal
