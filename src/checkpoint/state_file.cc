#include "checkpoint/state_file.h"

#include <algorithm>

#include "messages/schema.h"
#include "thaw/error.h"
#include "wire/text_form.h"
#include "wire/text_string.h"
#include "wire/walk.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kMostBytes = 16u << 20;

void append_octal(std::string& out, unsigned char byte) {
  out += '\\';
  for (int shift = 6; shift >= 0; shift -= 3) out += static_cast<char>('0' + (byte >> shift & 7));
}

std::string string_literal(Bytes text) {
  const bool utf8 = is_valid_utf8(text);
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '\'') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !utf8)) {
      append_octal(out, byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

CheckpointState parse_state(Bytes text) {
  const std::string wire = text_to_wire(text, checkpoint_state_text());
  CheckpointState state;
  Window window(wire);
  Walk walk(window);
  for (Field field; walk.next(field);) {
    if (!field.is_bytes(1) && !field.is_bytes(2)) continue;
    std::string path =
        wire.substr(static_cast<std::size_t>(field.payload.at), static_cast<std::size_t>(field.payload.size));
    if (field.number == 1) {
      state.latest = std::move(path);
    } else {
      state.all.push_back(std::move(path));
    }
  }
  if (state.latest.empty()) {
    throw Error(ErrorKind::malformed, "no model_checkpoint_path", "the newest checkpoint's prefix");
  }
  return state;
}

CheckpointState read_state(const Source& source) {
  try {
    if (source.size() > kMostBytes) {
      throw Error(ErrorKind::malformed, "has " + std::to_string(source.size()) + " bytes",
                  "a few lines of text, 16 MiB at most");
    }
    std::string text(static_cast<std::size_t>(source.size()), '\0');
    source.read_at(0, std::as_writable_bytes(std::span(text)));
    return parse_state(text);
  } catch (Error& error) {
    throw error.at(source.name());
  }
}

std::string state_text(const CheckpointState& state) {
  std::string text = "model_checkpoint_path: " + string_literal(state.latest) + "\n";
  for (const std::string& path : state.all)
    text += "all_model_checkpoint_paths: " + string_literal(path) + "\n";
  return text;
}

CheckpointState with_latest(CheckpointState others, const std::string& name) {
  if (others.all.empty() && !others.latest.empty()) others.all.push_back(others.latest);
  std::erase(others.all, name);
  others.all.push_back(name);
  others.latest = name;
  return others;
}

}  // namespace thaw::internal
