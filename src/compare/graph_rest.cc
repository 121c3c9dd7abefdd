#include "compare/graph_rest.h"

#include <map>
#include <set>

#include "compare/canonical_message.h"
#include "messages/schema_tables.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

using Parts = std::vector<PartDifference>;
using TextOfPlace = std::map<std::string, std::string>;  // by what they are about

// Fields of GraphDef (core/framework/graph.proto).
constexpr std::uint32_t kLibrary = 2, kVersion = 3, kVersions = 4, kDebugInfo = 5;

// Zero and absent are the same.
void add_number(const char* key, std::uint64_t number, TextOfPlace& texts) {
  const auto value = static_cast<std::int32_t>(number);
  if (value != 0) texts[key] = std::to_string(value);
}

void add_versions(Bytes canonical, TextOfPlace& texts) {
  std::string consumers;
  MessageReader reader(canonical);
  for (FieldView field; reader.next(field);) {
    if (field.is(1, WireType::varint)) add_number("producer", field.scalar, texts);
    if (field.is(2, WireType::varint)) add_number("min_consumer", field.scalar, texts);
    if (field.is(3, WireType::varint))
      consumers += (consumers.empty() ? "" : ",") + std::to_string(static_cast<std::int32_t>(field.scalar));
  }
  if (!consumers.empty()) texts["bad_consumers"] = "[" + consumers + "]";
}

// Whole fields; of a part that stands twice protobuf keeps both together.
TextOfPlace rest_of(const Graph& graph, const Library& functions) {
  const Recipe& rest = functions.graph_rest();
  if (rest.empty()) return {};
  TextOfPlace texts;
  std::string versions, later;
  const SourcePtr source = Recipe(rest).as_source(graph.source()->name());
  Window window(*source, {0, source->size()});
  Walk walk(window);
  for (Field field; walk.next(field);) {
    if (field.number == kDebugInfo || field.number == kLibrary) continue;
    if (field.is(kVersion, WireType::varint)) {
      texts.erase("version");
      add_number("version", field.scalar, texts);
      continue;
    }
    const std::uint64_t end = field.end(window);
    if (field.is_bytes(kVersions)) {
      versions += read_payload(window, field.payload, kFunctionPartLimit);
    } else {
      window.seek(field.begin);
      later += read_payload(window, {field.begin, end - field.begin}, kFunctionPartLimit);
    }
  }
  add_versions(canonical_message(versions, schema::kVersionDef), texts);
  if (!later.empty()) texts["later fields"] = std::move(later);
  return texts;
}

// GradientDef {1 function_name, 2 gradient_func}, RegisteredGradient {1 gradient_func, 2
// registered_op_type}: one text for each, with the names that B has.
std::set<std::string> gradients_of(const Library& functions, const NameChanges& names) {
  std::set<std::string> texts;
  const std::string other = functions.other().bytes();
  MessageReader reader(other);
  for (FieldView field; reader.next(field);) {
    if (!field.is_bytes(2) && !field.is_bytes(3)) {
      texts.insert("later field " + std::to_string(field.number) + " " + std::string(field.whole));
      continue;
    }
    std::string first, second;
    MessageReader parts(field.payload);
    for (FieldView part; parts.next(part);) {
      if (part.is_bytes(1)) first = part.payload;
      if (part.is_bytes(2)) second = part.payload;
    }
    if (field.number == 2) {
      texts.insert("gradient of " + names.function(first) + ": " + names.function(second));
    } else {
      texts.insert("gradient for " + second + ": " + names.function(first));
    }
  }
  return texts;
}

void compare_texts(const TextOfPlace& a, const TextOfPlace& b, Parts& parts) {
  TextOfPlace all = a;
  all.insert(b.begin(), b.end());
  for (const auto& [key, value] : all) {
    const auto was = a.find(key), is = b.find(key);
    const std::string from = was == a.end() ? "" : was->second;
    const std::string to = is == b.end() ? "" : is->second;
    if (from == to) continue;
    const bool is_text = key != "later fields";
    parts.push_back(
        {is_text ? NodePart::attribute : NodePart::other, key, is_text ? from : "", is_text ? to : "", {}});
  }
}

}  // namespace

void compare_rest(const Graph& a, const Library& functions_a, const Graph& b, const Library& functions_b,
                  const NameChanges& names, GraphDifference& found) {
  compare_texts(rest_of(a, functions_a), rest_of(b, functions_b), found.versions);
  static const NameChanges kNone;
  const std::set<std::string> was = gradients_of(functions_a, names), is = gradients_of(functions_b, kNone);
  for (const std::string& text : was) {
    if (!is.contains(text)) found.library.push_back({NodePart::other, "gradient", text, "", {}});
  }
  for (const std::string& text : is) {
    if (!was.contains(text)) found.library.push_back({NodePart::other, "gradient", "", text, {}});
  }
}

}  // namespace thaw::internal
