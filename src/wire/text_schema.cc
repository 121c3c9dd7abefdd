#include "wire/text_schema.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace thaw::internal {
namespace {

constexpr std::size_t kLongestGuess =
    64;  // longer names are no typing mistakes; also bounds the work per error

// Levenshtein's distance, one row at a time.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

template <typename Rows>
std::string_view nearest_name(const Rows& rows, std::string_view found) {
  std::string_view nearest;
  std::size_t best = found.size() / 3 + 2;  // a distance of this or more is another word
  if (found.size() > kLongestGuess) return nearest;
  for (const auto& row : rows) {
    const std::size_t distance = edit_distance(found, row.name);
    if (distance >= best || distance >= row.name.size()) continue;
    best = distance;
    nearest = row.name;
  }
  return nearest;
}

std::string with_guess(std::string expected, std::string_view nearest) {
  if (nearest.empty()) return expected;
  return expected.append(" (did you mean '").append(nearest).append("'?)");
}

}  // namespace

const TextField* find_field(std::span<const TextField> fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &TextField::name);
  return found == fields.end() ? nullptr : &*found;
}

const TextEnumValue* find_value(const TextEnum& values, std::string_view name) {
  const auto found = std::ranges::find(values.values, name, &TextEnumValue::name);
  return found == values.values.end() ? nullptr : &*found;
}

std::string expected_field(const TextMessage& message, std::string_view found) {
  return with_guess(std::string("a field of ").append(message.name), nearest_name(message.fields, found));
}

std::string expected_value(const TextEnum& values, std::string_view found) {
  return with_guess(std::string("a value of ").append(values.name), nearest_name(values.values, found));
}

std::string_view kind_name(TextKind kind) {
  switch (kind) {
    case TextKind::boolean:
      return "true or false";
    case TextKind::int32:
      return "a whole number from -2147483648 to 2147483647";
    case TextKind::int64:
    case TextKind::sint64:
      return "a whole number of 64 bits";
    case TextKind::uint32:
      return "a whole number from 0 to 4294967295";
    case TextKind::uint64:
    case TextKind::fixed64:
      return "a whole number from 0 to 18446744073709551615";
    case TextKind::float32:
    case TextKind::float64:
      return "a decimal number, inf or nan";
    case TextKind::string:
    case TextKind::bytes:
      return "a string in quotes";
    case TextKind::enumeration:
      return "the name or the number of a value";
    case TextKind::message:
      return "'{'";
  }
  return "a value";
}

}  // namespace thaw::internal
