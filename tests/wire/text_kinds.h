// The message of oracle/text_form.proto twice: as a table for our parser, and as protobuf's own class.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "text_form.pb.h"
#include "thaw/error.h"
#include "wire/text_form.h"

namespace thaw::internal::kinds {

using oracle::Kinds;
using enum TextKind;
using enum TextLabel;

extern const TextMessage kKinds;
inline constexpr TextEnumValue kColorValues[] = {{"RED", 0}, {"GREEN", 1}, {"DARK_BLUE", 7}};
inline constexpr TextEnum kColor{"Color", kColorValues};
inline constexpr TextField kSizesFields[] = {{"key", 1, string}, {"value", 2, int64}};
inline constexpr TextMessage kSizes{"map<string, int64>", kSizesFields};
inline constexpr TextField kKindsFields[] = {
    {"flag", 1, boolean},
    {"small", 2, int32},
    {"large", 3, int64},
    {"count", 4, uint32},
    {"total", 5, uint64},
    {"offset", 6, sint64},
    {"id", 7, fixed64},
    {"ratio", 8, float32},
    {"share", 9, float64},
    {"name", 10, string},
    {"raw", 11, bytes},
    {"color", 12, kColor},
    {"inner", 13, kKinds},
    {"flags", 21, boolean, repeated},
    {"smalls", 22, int32, repeated},
    {"larges", 23, int64, repeated},
    {"counts", 24, uint32, repeated},
    {"totals", 25, uint64, repeated},
    {"offsets", 26, sint64, repeated},
    {"ids", 27, fixed64, repeated},
    {"ratios", 28, float32, repeated},
    {"shares", 29, float64, repeated},
    {"names", 30, string, repeated},
    {"raws", 31, bytes, repeated},
    {"colors", 32, kColor, repeated},
    {"inners", 33, kKinds, repeated},
    {"sizes", 40, kSizes, repeated},
    {"first", 41, int64, choice},
    {"second", 42, string, choice},
    {"third", 43, kKinds, choice},
};
inline constinit const TextMessage kKinds{"Kinds", kKindsFields};

// Protobuf's own reading; empty when it refuses.
inline std::optional<Kinds> oracle_parse(const std::string& text) {
  struct Silent : google::protobuf::io::ErrorCollector {
    void AddError(int, int, const std::string&) override {}
  } silent;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&silent);
  Kinds kinds;
  if (!parser.ParseFromString(text, &kinds)) return std::nullopt;
  return kinds;
}

inline std::string canonical(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

// What the text means, by way of the wire form made of it.
inline std::string meaning(const std::string& text) {
  const std::string wire = text_to_wire(text, kKinds);
  Kinds kinds;
  EXPECT_TRUE(kinds.ParseFromString(wire)) << "not a wire message: " << text;
  return canonical(kinds);
}

inline std::optional<Error> refusal(Bytes text) {
  try {
    text_to_wire(text, kKinds);
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace thaw::internal::kinds
