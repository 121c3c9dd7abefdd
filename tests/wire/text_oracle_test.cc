#include <rapidcheck.h>

#include <bit>
#include <limits>
#include <random>

#include "wire/text_form.h"
#include "wire/text_kinds.h"

namespace thaw::internal {
namespace {

using namespace kinds;

const std::string kDocument =
    "# a comment\nname: \"one\" ' two' raw: '\\001\\x7f\\u20ac'\ninner { smalls: [1, -2] ratio: 1.5e3f\n"
    " inners: [ < color: GREEN >, { flag: t } ] }\nsizes { key: 'k' value: 0x10 }; third: { share: -inf },\n";

TEST(TextForm, JudgesEveryTruncationAsProtobufDoes) {
  ASSERT_TRUE(oracle_parse(kDocument));
  for (std::size_t size = 0; size <= kDocument.size(); ++size) {
    const std::string text = kDocument.substr(0, size);
    const std::optional<Kinds> expected = oracle_parse(text);
    const std::optional<Error> error = refusal(text);
    EXPECT_EQ(expected.has_value(), !error.has_value()) << text;
    if (!expected || error) continue;
    EXPECT_EQ(meaning(text), canonical(*expected)) << text;
  }
}

TEST(TextForm, TakesNoChangedTextThatProtobufRefuses) {
  const std::string replacements = "\n \"'\\{}<>[]:,;#-.0xf9\x80\x01";
  for (std::size_t at = 0; at < kDocument.size(); ++at) {
    for (const char c : replacements) {
      std::string text = kDocument;
      text[at] = c;
      if (refusal(text)) continue;
      const std::optional<Kinds> expected = oracle_parse(text);
      ASSERT_TRUE(expected) << text;
      EXPECT_EQ(meaning(text), canonical(*expected)) << text;
    }
  }
}

// Messages with any of the fields set to any values, seeded by rapidcheck.
class RandomKinds {
 public:
  explicit RandomKinds(std::uint64_t seed) : random_(seed) {}

  Kinds make(int depth) {
    Kinds kinds;
    const auto* fields = kinds.GetDescriptor();
    for (int i = 0; i < fields->field_count(); ++i) {
      if (random_() % 3 == 0) set(kinds, fields->field(i), depth);
    }
    return kinds;
  }

 private:
  std::uint64_t bits() { return random_() >> (random_() % 64); }

  std::string text(bool utf8) {
    static constexpr Bytes kPieces[] = {"a",    "\n",   "\"",       "'", "\\", "\t",
                                        "\x01", "\x7F", "\xC3\xA9", "?", "7",  "\xF0\x9F\x98\x80"};
    std::string made;
    for (std::uint64_t left = random_() % 200 * (random_() % 2); left > 0; --left) {
      made += utf8 ? std::string(kPieces[random_() % std::size(kPieces)])
                   : std::string(1, static_cast<char>(random_()));
    }
    return made;
  }

  void set(Kinds& kinds, const google::protobuf::FieldDescriptor* field, int depth) {
    if (!field->is_repeated()) return set_one(kinds, field, depth);
    for (std::uint64_t left = random_() % 4; left > 0; --left) set_one(kinds, field, depth);
  }

  void set_one(Kinds& kinds, const google::protobuf::FieldDescriptor* field, int depth) {
    using Field = google::protobuf::FieldDescriptor;
    const auto* of = kinds.GetReflection();
    const bool many = field->is_repeated();
    switch (field->cpp_type()) {
      case Field::CPPTYPE_BOOL:
        return many ? of->AddBool(&kinds, field, bits() % 2) : of->SetBool(&kinds, field, bits() % 2);
      case Field::CPPTYPE_INT32:
        return many ? of->AddInt32(&kinds, field, bits()) : of->SetInt32(&kinds, field, bits());
      case Field::CPPTYPE_INT64:
        return many ? of->AddInt64(&kinds, field, bits()) : of->SetInt64(&kinds, field, bits());
      case Field::CPPTYPE_UINT32:
        return many ? of->AddUInt32(&kinds, field, bits()) : of->SetUInt32(&kinds, field, bits());
      case Field::CPPTYPE_UINT64:
        return many ? of->AddUInt64(&kinds, field, bits()) : of->SetUInt64(&kinds, field, bits());
      case Field::CPPTYPE_FLOAT: {
        const auto value = number<float, std::uint32_t>();
        return many ? of->AddFloat(&kinds, field, value) : of->SetFloat(&kinds, field, value);
      }
      case Field::CPPTYPE_DOUBLE: {
        const auto value = number<double, std::uint64_t>();
        return many ? of->AddDouble(&kinds, field, value) : of->SetDouble(&kinds, field, value);
      }
      case Field::CPPTYPE_ENUM:
        return many ? of->AddEnumValue(&kinds, field, bits() % 9)
                    : of->SetEnumValue(&kinds, field, bits() % 9);
      case Field::CPPTYPE_STRING: {
        const std::string value = text(field->type() == Field::TYPE_STRING);
        return many ? of->AddString(&kinds, field, value) : of->SetString(&kinds, field, value);
      }
      case Field::CPPTYPE_MESSAGE:
        if (field->is_map()) return void((*kinds.mutable_sizes())[text(true)] = bits());
        if (depth == 0) return;
        auto* inner = many ? of->AddMessage(&kinds, field) : of->MutableMessage(&kinds, field);
        inner->CopyFrom(make(depth - 1));
    }
  }

  // Any bits that are a number: text has one nan only.
  template <typename Float, typename Word>
  Float number() {
    const auto value = std::bit_cast<Float>(static_cast<Word>(random_()));
    return value == value ? value : std::numeric_limits<Float>::quiet_NaN();
  }

  std::mt19937_64 random_;
};

TEST(TextForm, ReadsBackWhateverProtobufPrints) {
  const bool held = rc::check([](std::uint64_t seed, bool one_line, bool short_lists, bool as_utf8) {
    const Kinds kinds = RandomKinds(seed).make(3);
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(one_line);
    printer.SetUseShortRepeatedPrimitives(short_lists);
    printer.SetUseUtf8StringEscaping(as_utf8);
    std::string text;
    RC_ASSERT(printer.PrintToString(kinds, &text));
    RC_ASSERT(meaning(text) == canonical(kinds));
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace thaw::internal
