#include "wire/text_form.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "wire/text_output.h"
#include "wire/text_tokens.h"
#include "wire/text_value.h"

namespace thaw::internal {
namespace {

// A message that is being read.
struct Frame {
  const TextMessage* message;
  const TextField* field = nullptr;   // that holds it; null for the root
  bool in_list = false;               // one of name: [ {…}, {…} ]
  char closer = '\0';                 // '}' or '>'
  std::size_t opened_at = 0;          // where its bracket stands
  TextOutput::Mark mark{};            // of its length
  std::uint64_t seen = 0;             // one bit for each field
  const TextField* choice = nullptr;  // the member of the oneof that is set
  const TextField* last = nullptr;    // the field read last: repeated fields come in runs
};

class TextParser {
 public:
  TextParser(Bytes text, const TextMessage& root) : tokens_(text) { frames_.push_back({.message = &root}); }

  void run() {
    while (tokens_.peek().kind != TokenKind::end || frames_.size() > 1) read_next();
    end_packed();
  }

  std::string finish() { return output_.finish(); }

  // "node.attr.value", for errors; long ones are cut.
  std::string path() const {
    constexpr std::size_t kShown = 8;
    std::string path;
    for (std::size_t i = 1; i < std::min(frames_.size(), kShown + 1); ++i) {
      path.append(i == 1 ? "" : ".").append(frames_[i].field->name);
    }
    return frames_.size() > kShown + 1 ? path + ".…" : path;
  }

 private:
  Frame& frame() { return frames_.back(); }

  void read_next() {
    if (at_closer()) return close_message();
    if (tokens_.at_symbol('[')) return read_expanded_any();
    const TextField& field = read_name();
    admit(field);
    if (field.kind == TextKind::message) {
      read_messages(field);
    } else {
      read_values(field);
    }
  }

  // A field's name, looked up.
  const TextField& read_name() {
    const Token& token = tokens_.peek();
    if (token.kind == TokenKind::end) unclosed();
    if (token.kind != TokenKind::name) tokens_.fail(expected_here());
    const TextField* last = frame().last;
    const TextField* field =
        last != nullptr && last->name == token.text ? last : find_field(frame().message->fields, token.text);
    if (field == nullptr) {
      throw TextFault{token.at, "unknown field " + quoted(token.text),
                      expected_field(*frame().message, token.text)};
    }
    frame().last = field;
    name_at_ = token.at;
    tokens_.take();
    return *field;
  }

  std::string expected_here() {
    std::string expected = std::string("a field of ").append(frame().message->name);
    if (frame().closer == '\0') return expected;
    return expected + " or the '" + frame().closer + "' for " +
           line_and_column(tokens_.text(), frame().opened_at);
  }

  [[noreturn]] void unclosed() {
    throw TextFault{tokens_.peek().at, "the text ends inside " + std::string(frame().message->name),
                    expected_here()};
  }

  // A field that is not repeated stands once; of a oneof, one member.
  void admit(const TextField& field) {
    if (field.label == TextLabel::repeated) return;
    const auto index = static_cast<std::size_t>(&field - frame().message->fields.data());
    const std::uint64_t bit = std::uint64_t{1} << index;
    if ((frame().seen & bit) != 0) {
      throw TextFault{name_at_, "the field " + quoted(field.name) + " stands twice",
                      "one at most: it is not a repeated field"};
    }
    frame().seen |= bit;
    if (field.label != TextLabel::choice) return;
    if (frame().choice != nullptr) {
      throw TextFault{name_at_, quoted(field.name) + " stands beside " + quoted(frame().choice->name),
                      "one of the two: they exclude each other"};
    }
    frame().choice = &field;
  }

  // Scalars.

  void read_values(const TextField& field) {
    tokens_.expect(':');
    if (field.label != TextLabel::repeated || !tokens_.accept('[')) {
      read_one(field);
    } else if (!tokens_.accept(']')) {
      do {
        read_one(field);
      } while (tokens_.accept(','));
      tokens_.expect(']');
    }
    skip_separator();
  }

  void read_one(const TextField& field) {
    const WireType type = wire_type(field.kind);
    if (field.label == TextLabel::repeated && type != WireType::length_delimited) {
      begin_packed(field);
    } else {
      end_packed();
      output_.tag(field.number, type);
    }
    read_value(tokens_, field, output_);
  }

  void begin_packed(const TextField& field) {
    if (packed_ == &field) return;
    end_packed();
    output_.tag(field.number, WireType::length_delimited);
    packed_ = &field;
    packed_mark_ = output_.open();
  }

  void end_packed() {
    if (packed_ != nullptr) output_.close(packed_mark_);
    packed_ = nullptr;
  }

  // Messages.

  void read_messages(const TextField& field) {
    tokens_.accept(':');
    if (field.label != TextLabel::repeated || !tokens_.accept('[')) {
      open_message(field, false);
    } else if (tokens_.accept(']')) {
      skip_separator();
    } else {
      open_message(field, true);
    }
  }

  void open_message(const TextField& field, bool in_list) {
    const std::size_t at = tokens_.peek().at;
    if (frames_.size() > kMaxTextDepth) {
      throw TextFault{at, "messages nest too deep", "at most " + std::to_string(kMaxTextDepth) + " levels"};
    }
    const bool angle = tokens_.accept('<');
    if (!angle) tokens_.expect('{');
    end_packed();
    output_.tag(field.number, WireType::length_delimited);
    frames_.push_back({.message = field.message,
                       .field = &field,
                       .in_list = in_list,
                       .closer = angle ? '>' : '}',
                       .opened_at = at,
                       .mark = output_.open()});
  }

  // [type.url/of.Message] { … } in place of the two fields of Any.
  void read_expanded_any() {
    const std::size_t at = tokens_.take().at;
    const std::string url = read_type_url();
    const TextField* held = find_field(frame().message->expansions, Bytes(url).substr(url.rfind('/') + 1));
    if (held == nullptr) {
      throw TextFault{at, "an extension or Any of the type " + thaw::quoted(url), "a message of TensorFlow's",
                      ErrorKind::unsupported};
    }
    if (frame().seen != 0)
      throw TextFault{at, "an expanded Any beside other fields", "nothing else in this Any"};
    frame().seen = ~std::uint64_t{0};
    output_.tag(frame().message->fields.front().number, WireType::length_delimited);
    const TextOutput::Mark mark = output_.open();
    output_.bytes().append(url);
    output_.close(mark);
    tokens_.accept(':');
    open_message(*held, false);
  }

  std::string read_type_url() {
    std::string url;
    while (!tokens_.accept(']')) {
      const Token& token = tokens_.peek();
      const bool sign = token.kind == TokenKind::symbol && Bytes("./-").find(token.text) != Bytes::npos;
      if (!sign && token.kind != TokenKind::name && token.kind != TokenKind::number) tokens_.fail("']'");
      url.append(tokens_.take().text);
    }
    return url;
  }

  bool at_closer() { return frame().closer != '\0' && tokens_.at_symbol(frame().closer); }

  void close_message() {
    tokens_.take();
    end_packed();
    const Frame closed = frame();
    output_.close(closed.mark);
    frames_.pop_back();
    if (!closed.in_list) return skip_separator();
    if (tokens_.accept(',')) return open_message(*closed.field, true);
    tokens_.expect(']');
    skip_separator();
  }

  void skip_separator() {
    if (!tokens_.accept(',')) tokens_.accept(';');
  }

  TextTokens tokens_;
  TextOutput output_;
  std::vector<Frame> frames_;
  const TextField* packed_ = nullptr;  // the repeated numeric field whose run is open
  TextOutput::Mark packed_mark_{};
  std::size_t name_at_ = 0;  // of the field being read
};

// A byte order mark is no part of the text: line and column count from behind it.
Bytes without_mark(Bytes text) {
  constexpr Bytes kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

[[noreturn]] void report(const TextFault& fault, Bytes text, const std::string& path) {
  const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  Error error(fault.kind, fault.problem, fault.expected,
              utf16 ? "this looks like UTF-16: save it as UTF-8" : "");
  if (!path.empty()) error.at(path);
  throw error.at(line_and_column(text, fault.at));
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 && (c < '\t' || c > '\r'); }

}  // namespace

std::string text_to_wire(Bytes text, const TextMessage& root) {
  text = without_mark(text);
  std::optional<TextParser> parser;
  try {
    parser.emplace(text, root);
    parser->run();
    return parser->finish();
  } catch (const TextFault& fault) {
    report(fault, text, parser ? parser->path() : std::string());
  }
}

Bytes first_text_field(Bytes head) {
  constexpr std::size_t kBinaryShows = 512;  // the binary form has a tag, that is a control byte, long before
  head = without_mark(head);
  if (std::ranges::any_of(head.substr(0, kBinaryShows), is_control)) return {};
  const std::size_t begin = skip_text_blanks(head, 0);
  if (begin == head.size() || !is_text_name_start(head[begin])) return {};
  std::size_t end = begin;
  while (end < head.size() && is_text_name_part(head[end])) ++end;
  const std::size_t next = skip_text_blanks(head, end);
  const bool followed = next < head.size() && Bytes(":{<[").find(head[next]) != Bytes::npos;
  return followed ? head.substr(begin, end - begin) : Bytes();
}

}  // namespace thaw::internal
