#include "compare/canonical_message.h"

#include <map>
#include <optional>
#include <vector>

#include "messages/schema_tables.h"
#include "tensor/tensor_proto.h"
#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"
#include "wire/text_value.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kMaxDepth = 100;            // as protobuf's readers have
constexpr std::uint64_t kMostDecoded = 1u << 20;  // bytes of a tensor that are worth being one form

// As protobuf keeps a number of this kind.
std::uint64_t narrowed(TextKind kind, std::uint64_t number) {
  if (kind == TextKind::boolean) return number != 0 ? 1 : 0;
  if (kind == TextKind::uint32) return number & 0xFFFFFFFF;
  if (kind != TextKind::int32 && kind != TextKind::enumeration) return number;
  return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(number)});
}

const TextField* find_number(const TextMessage& schema, std::uint32_t number) {
  for (const TextField& field : schema.fields) {
    if (field.number == number) return &field;
  }
  return nullptr;
}

bool is_map(const TextField& field) {
  return field.message != nullptr && field.message->name.starts_with("map<");
}

// What a message holds of one field.
struct Held {
  const TextField* field = nullptr;
  std::vector<std::uint64_t> numbers;
  std::vector<std::string> texts;  // strings; messages, of a single one all parts together
};

class Canonical {
 public:
  explicit Canonical(const FunctionNames& names) : names_(names) {}

  std::string message(Bytes bytes, const TextMessage& schema, std::size_t depth) const {
    if (depth > kMaxDepth) return std::string(bytes);
    if (&schema == &schema::kTensorProto) {
      if (std::optional<std::string> tensor = decoded_tensor(bytes)) return *std::move(tensor);
    }
    std::map<std::uint32_t, Held> fields;
    std::string unknown;
    MessageReader reader(bytes);
    for (FieldView part; reader.next(part);) {
      if (!take(part, schema, fields)) unknown += part.whole;
    }
    std::string out;
    for (const auto& [number, held] : fields) write(held, schema, depth, out);
    return out + unknown;
  }

 private:
  // False: no field that the schema knows.
  static bool take(const FieldView& part, const TextMessage& schema, std::map<std::uint32_t, Held>& fields) {
    const TextField* field = find_number(schema, part.number);
    if (field == nullptr) return false;
    const WireType type = wire_type(field->kind);
    const bool packed = field->label == TextLabel::repeated && type != WireType::length_delimited &&
                        part.type == WireType::length_delimited;
    if (part.type != type && !packed) return false;
    if (field->label == TextLabel::choice) {
      std::erase_if(fields, [&](const auto& other) {
        return other.first != field->number && other.second.field->label == TextLabel::choice;
      });
    }
    Held& held = fields[field->number];
    held.field = field;
    if (packed) {
      unpack(part.payload, type, held);
    } else if (type == WireType::length_delimited) {
      take_text(part.payload, held);
    } else {
      if (field->label != TextLabel::repeated) held.numbers.clear();
      held.numbers.push_back(narrowed(field->kind, part.scalar));
    }
    return true;
  }

  static void unpack(Bytes payload, WireType type, Held& held) {
    Window window(payload);
    while (window.at() < payload.size()) {
      if (type == WireType::varint) {
        held.numbers.push_back(narrowed(held.field->kind, read_varint(window, payload.size())));
        continue;
      }
      const std::size_t size = type == WireType::fixed32 ? 4 : 8;
      if (payload.size() - window.at() < size)
        throw Error(ErrorKind::malformed, "a packed list ends within a number", "whole numbers");
      std::uint64_t number = 0;
      for (std::size_t i = size; i-- > 0;)
        number = number << 8 | static_cast<unsigned char>(payload[window.at() + i]);
      held.numbers.push_back(number);
      window.seek(window.at() + size);
    }
  }

  // A message that stands twice and is not a list is merged: the same as its parts, one behind the other.
  static void take_text(Bytes payload, Held& held) {
    const bool merges = held.field->kind == TextKind::message && held.field->label != TextLabel::repeated;
    if (held.field->label != TextLabel::repeated && !merges) held.texts.clear();
    if (merges && !held.texts.empty()) {
      held.texts.back() += payload;
    } else {
      held.texts.emplace_back(payload);
    }
  }

  void write(const Held& held, const TextMessage& schema, std::size_t depth, std::string& out) const {
    const TextField& field = *held.field;
    MessageWriter writer(out);
    const bool keeps_default = field.label != TextLabel::single;
    for (const std::uint64_t number : held.numbers) {
      if (number != 0 || keeps_default) writer.varint(field.number, number);
    }
    if (is_map(field)) return write_map(held, depth, out);
    for (const std::string& text : held.texts) {
      std::string inner = text;
      if (field.kind == TextKind::message) inner = message(text, *field.message, depth + 1);
      if (names_ && &schema == &schema::kNameAttrList && field.number == 1) inner = names_(text);
      if (!inner.empty() || keeps_default) writer.bytes(field.number, inner);
    }
  }

  void write_map(const Held& held, std::size_t depth, std::string& out) const {
    std::map<std::string, std::string> entries;  // by key, as it is encoded
    for (const std::string& text : held.texts) {
      std::string entry = message(text, *held.field->message, depth + 1), key;
      MessageReader reader(entry);
      for (FieldView part; reader.next(part);) {
        if (part.number == 1) key = part.whole;
      }
      entries[key] = std::move(entry);
    }
    for (const auto& [key, entry] : entries) MessageWriter(out).bytes(held.field->number, entry);
  }

  // dtype, shape and canonical bytes; nothing for what cannot be decoded, or is large.
  static std::optional<std::string> decoded_tensor(Bytes bytes) {
    try {
      const Value value = read_tensor(bytes).value;
      if (element_size(value.dtype()) == 0 || value.byte_size() > kMostDecoded) return std::nullopt;
      const std::string shape = value.shape().to_string();
      std::string out;
      MessageWriter(out)
          .integer(1, static_cast<std::int64_t>(value.dtype()))
          .bytes(2, shape)
          .bytes(4, value.bytes());
      return out;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::bug) throw;
      return std::nullopt;
    }
  }

  const FunctionNames& names_;
};

}  // namespace

std::string canonical_message(Bytes message, const TextMessage& schema, const FunctionNames& names) {
  return Canonical(names).message(message, schema, 0);
}

}  // namespace thaw::internal
