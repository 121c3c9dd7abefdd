#include "names/scopes.h"

#include "thaw/error.h"

namespace thaw::internal {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool may_start_piece(char c) { return is_letter_or_digit(c) || c == '.'; }

bool may_follow(char c) { return may_start_piece(c) || c == '_' || c == '-' || c == '/'; }

// The first byte that TensorFlow stumbles over; the size of the name when it lacks one more; npos when there
// is none.
std::size_t first_offence(Bytes name) {
  bool starts = true;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!starts && c == '>') {
      starts = true;
      continue;
    }
    if (starts ? !may_start_piece(c) : !may_follow(c)) return i;
    starts = false;
  }
  return starts ? name.size() : Bytes::npos;
}

// A whole character of UTF-8 where there is one, so that the message shows what was typed.
Bytes character_at(Bytes name, std::size_t at) {
  std::size_t end = at + 1;
  while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) ++end;
  return name.substr(at, end - at);
}

}  // namespace

std::string add_scope(Bytes name, Bytes scope) {
  std::string result(scope);
  if (!result.empty() && !result.ends_with('/')) result += '/';
  return result.append(name);
}

std::optional<Bytes> strip_prefix(Bytes name, Bytes prefix) {
  if (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (prefix.empty() || !is_below(name, prefix)) return std::nullopt;
  return name.substr(prefix.size() + 1);
}

bool is_below(Bytes name, Bytes scope) {
  return name.size() > scope.size() + 1 && name.starts_with(scope) && name[scope.size()] == '/';
}

std::vector<Bytes> components_of(Bytes name) {
  std::vector<Bytes> components;
  for (std::size_t slash; (slash = name.find('/')) != Bytes::npos; name.remove_prefix(slash + 1))
    components.push_back(name.substr(0, slash));
  components.push_back(name);
  return components;
}

Bytes last_component(Bytes name) {
  const std::size_t slash = name.rfind('/');
  return slash == Bytes::npos ? name : name.substr(slash + 1);
}

Bytes parent_scope(Bytes name) {
  const std::size_t slash = name.rfind('/');
  return slash == Bytes::npos ? Bytes() : name.substr(0, slash);
}

bool valid_node_name(Bytes name) { return first_offence(name) == Bytes::npos; }

std::optional<std::string> why_invalid_node_name(Bytes name) {
  const std::size_t at = first_offence(name);
  if (at == Bytes::npos) return std::nullopt;
  if (name.empty()) return "it is empty";
  if (at == name.size()) return "a '>' must be followed by a letter, a digit or '.'";
  const Bytes character = character_at(name, at);
  const bool allowed_later = character.size() == 1 && (may_follow(character[0]) || character[0] == '>');
  if (allowed_later && at == 0)
    return "it starts with " + thaw::quoted(character) + ", and only a letter, a digit or '.' may";
  if (allowed_later)
    return thaw::quoted(character) + " stands right after '>', where only a letter, a digit or '.' may";
  return "it holds " + thaw::quoted(character) + " at character " + std::to_string(at + 1) +
         ", and only letters, digits and _ . - / > may";
}

}  // namespace thaw::internal
