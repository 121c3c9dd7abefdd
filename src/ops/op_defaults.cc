#include "ops/op_defaults.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <span>

#include "ops/op_table.h"

namespace thaw::internal {
namespace {

struct DefaultRow {
  std::uint16_t key, value;
};
struct OpRow {
  std::uint16_t first;
  std::uint8_t count;
};

#include "ops/op_defaults_data.inc"

// Where each of several texts starts, and where the last one ends.
template <std::size_t Count>
constexpr std::array<std::uint16_t, Count + 1> starts_of(const std::uint8_t (&sizes)[Count]) {
  std::array<std::uint16_t, Count + 1> starts{};
  for (std::size_t i = 0; i < Count; ++i) starts[i + 1] = static_cast<std::uint16_t>(starts[i] + sizes[i]);
  return starts;
}
constexpr auto kKeyStarts = starts_of(kKeySizes);
constexpr auto kValueStarts = starts_of(kValueSizes);
static_assert(kKeyStarts.back() + 1 == sizeof(kKeyText));
static_assert(kValueStarts.back() + 1 == sizeof(kValueText));

constexpr std::string_view key_of(const DefaultRow& row) {
  return {kKeyText + kKeyStarts[row.key], kKeySizes[row.key]};
}

constexpr std::string_view value_of(const DefaultRow& row) {
  return {kValueText + kValueStarts[row.value], kValueSizes[row.value]};
}

}  // namespace

std::optional<std::string_view> default_attr(std::string_view op, std::string_view key) {
  const OpInfo* info = find_op(op);
  if (info == nullptr || info->number() >= std::size(kOpDefaults)) return std::nullopt;
  const OpRow& row = kOpDefaults[info->number()];
  const auto defaults = std::span(kDefaults).subspan(row.first, row.count);
  const auto found = std::ranges::find(defaults, key, key_of);
  if (found == defaults.end()) return std::nullopt;
  return value_of(*found);
}

}  // namespace thaw::internal
