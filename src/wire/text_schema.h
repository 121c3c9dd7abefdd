// TextSchema: what a message may hold, as far as its text form needs to know: names, field numbers, kinds.
//
// The tables are constants (see messages/schema.h); the parser takes them as a parameter and knows no message
// by name.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace thaw::internal {

struct TextEnumValue {
  std::string_view name;
  std::int32_t number;
};

struct TextEnum {
  std::string_view name;
  std::span<const TextEnumValue> values;
};

enum class TextKind : std::uint8_t {
  boolean,
  int32,
  int64,
  uint32,
  uint64,
  sint64,
  fixed64,
  float32,
  float64,
  string,  // UTF-8
  bytes,
  enumeration,
  message,
};

enum class TextLabel : std::uint8_t {
  single,
  repeated,  // maps too: repeated entries of {key, value}
  choice,    // a member of the message's oneof (TensorFlow's messages have one at most)
};

struct TextMessage;

struct TextField {
  constexpr TextField(std::string_view field, std::uint32_t at, TextKind what,
                      TextLabel how = TextLabel::single)
      : name(field), number(at), kind(what), label(how) {}
  constexpr TextField(std::string_view field, std::uint32_t at, const TextMessage& what,
                      TextLabel how = TextLabel::single)
      : name(field), number(at), kind(TextKind::message), label(how), message(&what) {}
  constexpr TextField(std::string_view field, std::uint32_t at, const TextEnum& what,
                      TextLabel how = TextLabel::single)
      : name(field), number(at), kind(TextKind::enumeration), label(how), values(&what) {}

  std::string_view name;
  std::uint32_t number;
  TextKind kind;
  TextLabel label;
  const TextMessage* message = nullptr;  // of kind message
  const TextEnum* values = nullptr;      // of kind enumeration
};

// At most 64 fields: the parser keeps those it has seen in one word.
struct TextMessage {
  std::string_view name;
  std::span<const TextField> fields;
  // Of google.protobuf.Any, whose text may be that of what it holds: messages by full name, numbered as
  // `value`. The first of its fields is `type_url`.
  std::span<const TextField> expansions = {};
};

// Null when there is none.
const TextField* find_field(std::span<const TextField> fields, std::string_view name);
const TextEnumValue* find_value(const TextEnum& values, std::string_view name);

// "a field of NodeDef (did you mean 'device'?)", the question only where one name is close.
std::string expected_field(const TextMessage& message, std::string_view found);
std::string expected_value(const TextEnum& values, std::string_view found);

// What a field of this kind takes: "an int32", "a string".
std::string_view kind_name(TextKind kind);

}  // namespace thaw::internal
