#include "wire/text_number.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <system_error>

namespace thaw::internal {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_octal_prefix(Bytes digits) { return digits.size() > 1 && digits[0] == '0' && is_digit(digits[1]); }

bool has_hex_prefix(Bytes digits) {
  return digits.size() > 1 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
}

// The f that C lets follow a number.
Bytes without_suffix(Bytes digits) {
  if (digits.ends_with('f') || digits.ends_with('F')) digits.remove_suffix(1);
  return digits;
}

// Of a well-formed number that no double holds: is it too large rather than too small? Counts the digits
// before the first significant one against the exponent, which may itself be beyond any integer.
bool exceeds_double(Bytes digits) {
  const std::size_t e = std::min(digits.find_first_of("eE"), digits.size());
  Bytes exponent = digits.substr(std::min(e + 1, digits.size()));
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  std::int64_t power = 0;
  const auto read = std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
  const Bytes mantissa = digits.substr(0, e);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = mantissa.find_first_of("123456789");
  if (first == Bytes::npos) return false;
  if (read.ec == std::errc::result_out_of_range) return !exponent.starts_with('-');
  return power > static_cast<std::int64_t>(first) - static_cast<std::int64_t>(point);
}

}  // namespace

Whole parse_whole(Bytes digits) {
  int base = 10;
  if (has_hex_prefix(digits)) {
    base = 16;
    digits.remove_prefix(2);
  } else if (has_octal_prefix(digits)) {
    base = 8;
  }
  Whole whole;
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, whole.value, base);
  if (read.ptr != end || read.ec == std::errc::invalid_argument) return {0, WholeFault::not_whole};
  if (read.ec == std::errc::result_out_of_range) return {0, WholeFault::too_large};
  return whole;
}

std::optional<double> parse_decimal(Bytes digits) {
  if (has_hex_prefix(digits) || has_octal_prefix(digits)) return std::nullopt;
  digits = without_suffix(digits);
  double value = 0;
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  if (read.ptr != end || read.ec == std::errc::invalid_argument) return std::nullopt;
  if (read.ec != std::errc::result_out_of_range) return value;
  return exceeds_double(digits) ? std::numeric_limits<double>::infinity() : 0.0;
}

std::optional<double> parse_decimal_name(Bytes name) {
  if (name.size() > Bytes("infinity").size()) return std::nullopt;
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (lower == "inf" || lower == "infinity") return std::numeric_limits<double>::infinity();
  if (lower == "nan") return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

}  // namespace thaw::internal
