#include "report/phrases.h"

#include <fmt/format.h>

#include <array>

namespace thaw {

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::array kUnits = {"bytes", "kB", "MB", "GB", "TB"};
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; amount >= 999.95 && unit + 1 < kUnits.size(); ++unit) amount /= 1000;
  return fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return with_commas(count) + " " + std::string(count == 1 ? one : many);
}

std::string_view phrase_of(MatchStage stage) {
  switch (stage) {
    case MatchStage::rule:
      return "by your rules";
    case MatchStage::exact:
      return "by name";
    case MatchStage::convention:
      return "by another convention of names";
    case MatchStage::scope:
      return "below another scope";
    case MatchStage::numbers:
      return "by their place in a series";
    case MatchStage::sibling:
      return "by their layer";
    case MatchStage::structure:
      return "as the only ones of their shape";
    case MatchStage::order:
      return "by order";
    case MatchStage::average:
      return "as moving averages";
  }
  return "";
}

}  // namespace thaw
