#include "wire/text_value.h"

#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "wire/text_number.h"
#include "wire/text_string.h"

namespace thaw::internal {
namespace {

// A number token; the magnitude may be at most `most`.
std::uint64_t read_magnitude(TextTokens& tokens, const TextField& field, bool negative, std::uint64_t most) {
  const Token& token = tokens.peek();
  if (token.kind != TokenKind::number) tokens.fail(std::string(kind_name(field.kind)));
  const Whole whole = parse_whole(token.text);
  if (whole.fault == WholeFault::not_whole) tokens.fail(std::string(kind_name(field.kind)));
  if (whole.fault == WholeFault::too_large || whole.value > most) {
    const std::string found = (negative ? "-" : "") + std::string(token.text);
    throw TextFault{token.at, thaw::quoted(found) + " is out of range", std::string(kind_name(field.kind))};
  }
  tokens.take();
  return whole.value;
}

std::int64_t read_signed(TextTokens& tokens, const TextField& field, std::int64_t most) {
  const bool negative = tokens.accept('-');
  const std::uint64_t limit = static_cast<std::uint64_t>(most) + (negative ? 1 : 0);
  const std::uint64_t magnitude = read_magnitude(tokens, field, negative, limit);
  return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

double read_decimal(TextTokens& tokens, const TextField& field) {
  const bool negative = tokens.accept('-');
  const Token& token = tokens.peek();
  std::optional<double> value;
  if (token.kind == TokenKind::number) value = parse_decimal(token.text);
  if (token.kind == TokenKind::name) value = parse_decimal_name(token.text);
  if (!value) tokens.fail(std::string(kind_name(field.kind)));
  tokens.take();
  return negative ? -*value : *value;
}

bool read_boolean(TextTokens& tokens, const TextField& field) {
  const Token& token = tokens.peek();
  if (token.kind == TokenKind::number) return read_magnitude(tokens, field, false, 1) != 0;
  for (const Bytes yes : {"true", "True", "t"}) {
    if (token.text == yes && token.kind == TokenKind::name) return tokens.take(), true;
  }
  for (const Bytes no : {"false", "False", "f"}) {
    if (token.text == no && token.kind == TokenKind::name) return tokens.take(), false;
  }
  tokens.fail(std::string(kind_name(field.kind)));
}

std::int32_t read_enumeration(TextTokens& tokens, const TextField& field) {
  const Token& token = tokens.peek();
  if (token.kind != TokenKind::name) {
    return static_cast<std::int32_t>(read_signed(tokens, field, std::numeric_limits<std::int32_t>::max()));
  }
  const TextEnumValue* value = find_value(*field.values, token.text);
  if (value == nullptr) {
    throw TextFault{token.at, "unknown value " + quoted(token.text),
                    expected_value(*field.values, token.text)};
  }
  tokens.take();
  return value->number;
}

// Adjacent literals are one string.
void read_string(TextTokens& tokens, const TextField& field, TextOutput& into) {
  const Token first = tokens.peek();
  if (first.kind != TokenKind::string) tokens.fail(std::string(kind_name(field.kind)));
  const TextOutput::Mark mark = into.open();
  const std::size_t begin = into.bytes().size();
  while (tokens.peek().kind == TokenKind::string) {
    const Token piece = tokens.take();
    append_unescaped(piece.text, piece.at + 1, into.bytes());
  }
  if (field.kind == TextKind::string && !is_valid_utf8(Bytes(into.bytes()).substr(begin))) {
    throw TextFault{first.at, "a string is not valid UTF-8", "UTF-8 in " + quoted(field.name)};
  }
  into.close(mark);
}

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

// Negative numbers of 32 bits are ten bytes long too.
std::uint64_t sign_extended(std::int64_t value) { return static_cast<std::uint64_t>(value); }

}  // namespace

WireType wire_type(TextKind kind) {
  switch (kind) {
    case TextKind::fixed64:
    case TextKind::float64:
      return WireType::fixed64;
    case TextKind::float32:
      return WireType::fixed32;
    case TextKind::string:
    case TextKind::bytes:
    case TextKind::message:
      return WireType::length_delimited;
    default:
      return WireType::varint;
  }
}

void read_value(TextTokens& tokens, const TextField& field, TextOutput& into) {
  constexpr std::int64_t kInt32Max = std::numeric_limits<std::int32_t>::max();
  constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();
  constexpr std::uint64_t kUint32Max = std::numeric_limits<std::uint32_t>::max();
  constexpr std::uint64_t kUint64Max = std::numeric_limits<std::uint64_t>::max();
  switch (field.kind) {
    case TextKind::boolean:
      return into.varint(read_boolean(tokens, field) ? 1 : 0);
    case TextKind::int32:
      return into.varint(sign_extended(read_signed(tokens, field, kInt32Max)));
    case TextKind::int64:
      return into.varint(sign_extended(read_signed(tokens, field, kInt64Max)));
    case TextKind::sint64:
      return into.varint(zigzag(read_signed(tokens, field, kInt64Max)));
    case TextKind::uint32:
      return into.varint(read_magnitude(tokens, field, false, kUint32Max));
    case TextKind::uint64:
      return into.varint(read_magnitude(tokens, field, false, kUint64Max));
    case TextKind::fixed64:
      return into.fixed64(read_magnitude(tokens, field, false, kUint64Max));
    case TextKind::float32:
      // By way of double, as protobuf reads it, so that both round alike.
      return into.fixed32(std::bit_cast<std::uint32_t>(static_cast<float>(read_decimal(tokens, field))));
    case TextKind::float64:
      return into.fixed64(std::bit_cast<std::uint64_t>(read_decimal(tokens, field)));
    case TextKind::enumeration:
      return into.varint(sign_extended(read_enumeration(tokens, field)));
    case TextKind::string:
    case TextKind::bytes:
      return read_string(tokens, field, into);
    case TextKind::message:
      tokens.fail(std::string(kind_name(field.kind)));
  }
}

}  // namespace thaw::internal
