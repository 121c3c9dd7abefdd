#include "hostile/mutation.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace thaw::internal {

namespace {

// Numbers at which something changes: signs, widths, lengths.
constexpr std::array<std::uint64_t, 16> kNumbers = {0,
                                                    1,
                                                    2,
                                                    7,
                                                    127,
                                                    128,
                                                    255,
                                                    0x7FFFFFFF,
                                                    0x80000000,
                                                    0xFFFFFFFF,
                                                    0x100000000,
                                                    0x7FFFFFFFFFFFFFFF,
                                                    0x8000000000000000,
                                                    0xFFFFFFFFFFFFFFFF,
                                                    0xFFFFFFFFFFFFFFFE,
                                                    1000000000000};
constexpr std::array<const char*, 12> kTexts = {"",         "^",         "x:0",       ":",
                                                "\xff\xfe", "a/b/../c",  "^x",        "x:99999",
                                                "Const",    "loc:@none", "\x1b[2J\n", "VarHandleOp"};

struct Field {
  std::uint64_t number = 1;
  int type = 0;  // 0 varint, 1 and 5 fixed, 2 bytes
  std::uint64_t value = 0;
  std::string bytes;  // of types 1, 2 and 5
  std::vector<Field> fields;
  bool is_message = false;
};

bool read_varint(std::string_view& rest, std::uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64 && !rest.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

void write_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  out += static_cast<char>(value);
}

std::optional<std::vector<Field>> read_message(std::string_view rest, int depth) {
  std::vector<Field> fields;
  while (!rest.empty()) {
    Field field;
    std::uint64_t tag = 0;
    if (!read_varint(rest, tag)) return std::nullopt;
    field.number = tag >> 3;
    field.type = static_cast<int>(tag & 7);
    std::uint64_t size = field.type == 1 ? 8 : 4;
    if (field.number == 0 || field.number > 100000) return std::nullopt;
    if (field.type == 0) {
      if (!read_varint(rest, field.value)) return std::nullopt;
      fields.push_back(std::move(field));
      continue;
    }
    if (field.type != 1 && field.type != 2 && field.type != 5) return std::nullopt;
    if (field.type == 2 && !read_varint(rest, size)) return std::nullopt;
    if (size > rest.size()) return std::nullopt;
    field.bytes = rest.substr(0, size);
    rest.remove_prefix(size);
    // What can be read as a message is taken for one; some names and numbers are, by chance, which does no
    // harm.
    if (field.type == 2 && depth < 12 && !field.bytes.empty()) {
      if (auto inner = read_message(field.bytes, depth + 1)) {
        field.fields = std::move(*inner);
        field.is_message = true;
      }
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

std::string write_message(const std::vector<Field>& fields) {
  std::string out;
  for (const Field& field : fields) {
    write_varint(out, field.number << 3 | static_cast<unsigned>(field.type));
    if (field.type == 0) {
      write_varint(out, field.value);
      continue;
    }
    const std::string body = field.is_message ? write_message(field.fields) : field.bytes;
    if (field.type == 2) write_varint(out, body.size());
    out += body;
  }
  return out;
}

// All lists of fields, outermost first, so that deep and shallow ones can be chosen alike.
void collect(std::vector<Field>& fields, std::vector<std::vector<Field>*>& lists) {
  lists.push_back(&fields);
  for (Field& field : fields) {
    if (field.is_message) collect(field.fields, lists);
  }
}

std::vector<Field>& any_list(std::vector<Field>& root, Chance& chance) {
  std::vector<std::vector<Field>*> lists;
  collect(root, lists);
  for (int tries = 0; tries < 20; ++tries) {
    std::vector<Field>& list = *lists[chance.below(lists.size())];
    if (!list.empty()) return list;
  }
  return root;
}

void change_content(Field& field, Chance& chance) {
  if (field.type == 0) {
    const std::uint64_t number = kNumbers[chance.below(kNumbers.size())];
    field.value = chance.below(3) == 0 ? field.value + number : number;
  } else if (field.type != 2) {
    field.bytes = mutate_bytes(field.bytes, chance).substr(0, field.bytes.size());
    field.bytes.resize(field.type == 1 ? 8 : 4);
  } else {
    const std::string body = field.is_message ? write_message(field.fields) : field.bytes;
    field.is_message = false;
    switch (chance.below(4)) {
      case 0:
        field.bytes = kTexts[chance.below(kTexts.size())];
        break;
      case 1:
        field.bytes = body.substr(0, chance.below(body.size() + 1));
        break;
      case 2:
        field.bytes = body + body;
        break;
      default:
        field.bytes = mutate_bytes(body, chance);
    }
  }
}

void change_list(std::vector<Field>& list, std::vector<Field>& donor, Chance& chance) {
  if (list.empty()) return;
  const auto at = list.begin() + static_cast<std::ptrdiff_t>(chance.below(list.size()));
  const auto other = list.begin() + static_cast<std::ptrdiff_t>(chance.below(list.size()));
  switch (chance.below(8)) {
    case 0:
      list.erase(at);
      break;
    case 1:
      list.insert(other, Field(*at));
      break;
    case 2:
      std::swap(*at, *other);
      break;
    case 3:
      at->number = 1 + chance.below(20);
      break;
    case 4: {
      const std::vector<Field>& from = any_list(donor, chance);
      if (!from.empty()) *at = from[chance.below(from.size())];
      break;
    }
    default:
      change_content(*at, chance);
  }
}

}  // namespace

std::string mutate_bytes(std::string bytes, Chance& chance) {
  for (std::size_t count = 1 + chance.below(4); count > 0; --count) {
    const std::size_t at = chance.below(bytes.size());
    const std::size_t size = std::min(chance.below(16) + 1, bytes.size() - at);
    switch (bytes.empty() ? 6 : chance.below(7)) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << chance.below(8));
        break;
      case 1:
        bytes[at] = static_cast<char>(chance.bits());
        break;
      case 2:
        bytes[at] = "\x00\xFF\x7F\x80"[chance.below(4)];
        break;
      case 3:
        bytes.erase(at, size);
        break;
      case 4:
        bytes.insert(at, bytes.substr(chance.below(bytes.size()), size));
        break;
      case 5:
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, '\xFF');
        break;
      default: {
        std::string number;
        write_varint(number, kNumbers[chance.below(kNumbers.size())]);
        bytes.insert(at, number);
      }
    }
  }
  return bytes;
}

std::string mutate_fields(std::string_view bytes, std::string_view donor, Chance& chance) {
  auto fields = read_message(bytes, 0);
  auto lender = read_message(donor, 0);
  if (!fields || !lender) return mutate_bytes(std::string(bytes), chance);
  for (std::size_t count = 1 + chance.below(3); count > 0; --count) {
    change_list(any_list(*fields, chance), *lender, chance);
  }
  return write_message(*fields);
}

std::string mutate_words(std::string_view text, Chance& chance) {
  std::vector<std::string> words;
  for (const char c : text) {
    const bool joins = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
    const bool open = !words.empty() && (std::isalnum(static_cast<unsigned char>(words.back().back())) != 0);
    if (joins && open) {
      words.back() += c;
    } else {
      words.emplace_back(1, c);
    }
  }
  for (std::size_t count = 1 + chance.below(3); count > 0 && !words.empty(); --count) {
    const std::size_t at = chance.below(words.size()), other = chance.below(words.size());
    switch (chance.below(6)) {
      case 0:
        words[at].clear();
        break;
      case 1:
        words[at] += words[at];
        break;
      case 2:
        std::swap(words[at], words[other]);
        break;
      case 3:
        words[at] = std::to_string(kNumbers[chance.below(kNumbers.size())]);
        break;
      case 4:
        words[at] = std::string(1, "{}[]<>:\"'\\,;#-"[chance.below(14)]);
        break;
      default:
        words[at] = words[other];
    }
  }
  std::string out;
  for (const std::string& word : words) out += word;
  return out;
}

}  // namespace thaw::internal
