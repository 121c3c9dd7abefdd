#include "target/list_target.h"

#include <algorithm>
#include <charconv>

#include "target/json_list.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr Bytes kBlanks = " \t\r";

Bytes trimmed(Bytes text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == Bytes::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

Bytes without_comment(Bytes line) {
  for (std::size_t at = line.find('#'); at != Bytes::npos; at = line.find('#', at + 1)) {
    if (at == 0 || kBlanks.find(line[at - 1]) != Bytes::npos) return line.substr(0, at);
  }
  return line;
}

// The next word of `line`, which loses it.
Bytes take_word(Bytes& line) {
  line = trimmed(line);
  const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
  const Bytes word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

std::optional<std::int64_t> read_dim(Bytes text) {
  if (text == "?" || text == "None" || text == "-1") return -1;
  std::int64_t dim = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), dim);
  if (fault != std::errc() || end != text.data() + text.size() || dim < 0) return std::nullopt;
  return dim;
}

std::optional<Shape> read_shape(Bytes text) {
  text = trimmed(text);
  if (text == "<unknown>") return Shape::of_unknown_rank();
  const bool round = text.starts_with('(') && text.ends_with(')');
  if (!round && !(text.starts_with('[') && text.ends_with(']'))) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::vector<std::int64_t> dims;
  while (!trimmed(text).empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::optional<std::int64_t> dim = read_dim(trimmed(text.substr(0, comma)));
    if (!dim) return std::nullopt;
    dims.push_back(*dim);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return Shape(std::move(dims));
}

std::optional<Slot> read_line(Bytes line) {
  const Bytes name = take_word(line);
  const std::optional<DType> dtype = dtype_of_name(take_word(line));
  const std::optional<Shape> shape = read_shape(line);
  if (!dtype || !shape) return std::nullopt;
  Slot slot;
  slot.name = name.ends_with(":0") ? name.substr(0, name.size() - 2) : name;
  slot.keys = {slot.name};
  slot.dtype = *dtype;
  slot.shape = *shape;
  return slot;
}

// Calls `each(line, number)` for the lines that say something, until it returns false.
template <typename Each>
void for_lines(Bytes text, const Each& each) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const Bytes line = trimmed(without_comment(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && !each(line, number)) return;
  }
}

}  // namespace

bool looks_like_list(Bytes head) {
  if (trimmed(head).starts_with('{')) return true;
  bool is_list = false;
  for_lines(head, [&](Bytes line, std::size_t) {
    is_list = read_line(line).has_value();
    return false;
  });
  return is_list;
}

std::vector<Slot> list_slots(Bytes text) {
  if (trimmed(text).starts_with('{')) return json_slots(text);
  std::vector<Slot> slots;
  for_lines(text, [&](Bytes line, std::size_t number) {
    std::optional<Slot> slot = read_line(line);
    if (!slot) {
      throw Error(ErrorKind::malformed, "line " + std::to_string(number) + " is " + thaw::quoted(line),
                  "name dtype [shape]", "for example: layer1/kernel float32 [784,128]");
    }
    slots.push_back(std::move(*slot));
    return true;
  });
  return slots;
}

}  // namespace thaw::internal
