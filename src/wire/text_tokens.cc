#include "wire/text_tokens.h"

#include <algorithm>
#include <array>
#include <utility>

namespace thaw::internal {
namespace {

constexpr Bytes kSymbols = "{}<>[]():,;-/.";

enum ByteClass : unsigned char { kBlank = 1, kNameStart = 2, kDigit = 4 };

constexpr std::array<unsigned char, 256> classify() {
  std::array<unsigned char, 256> table{};
  for (const char c : {' ', '\t', '\n', '\r', '\f', '\v'}) table[static_cast<unsigned char>(c)] = kBlank;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = kNameStart;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = kNameStart;
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = kDigit;
  table['_'] = kNameStart;
  return table;
}

constexpr auto kClasses = classify();

bool is(char c, int classes) { return (kClasses[static_cast<unsigned char>(c)] & classes) != 0; }

std::string describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::end:
      return "the text ends here";
    case TokenKind::string:
      return "found a string";
    default:
      return "found " + quoted(token.text);
  }
}

}  // namespace

bool is_text_name_start(char c) { return is(c, kNameStart); }
bool is_text_name_part(char c) { return is(c, kNameStart | kDigit); }

std::size_t skip_text_blanks(Bytes text, std::size_t pos) {
  while (pos < text.size()) {
    if (is(text[pos], kBlank)) {
      ++pos;
    } else if (text[pos] == '#') {
      pos = std::min(text.find('\n', pos), text.size());
    } else {
      break;
    }
  }
  return pos;
}

TextTokens::TextTokens(Bytes text) : text_(text) { scan(); }

Token TextTokens::take() {
  Token taken = token_;
  scan();
  return taken;
}

bool TextTokens::accept(char symbol) {
  if (!at_symbol(symbol)) return false;
  scan();
  return true;
}

void TextTokens::expect(char symbol) {
  if (!accept(symbol)) fail(std::string("'") + symbol + "'");
}

void TextTokens::fail(std::string expected) const {
  throw TextFault{token_.at, describe(token_), std::move(expected)};
}

void TextTokens::scan() {
  pos_ = skip_text_blanks(text_, pos_);
  token_ = {TokenKind::end, pos_, {}};
  if (pos_ == text_.size()) return;
  const char c = text_[pos_];
  if (is(c, kNameStart)) return scan_name();
  const bool fraction = c == '.' && pos_ + 1 < text_.size() && is(text_[pos_ + 1], kDigit);
  if (is(c, kDigit) || fraction) return scan_number();
  if (c == '"' || c == '\'') return scan_string();
  if (kSymbols.find(c) == Bytes::npos) {
    throw TextFault{pos_, "the byte " + quoted(text_.substr(pos_, 1)) + " starts nothing",
                    "a name, a value or a bracket"};
  }
  token_ = {TokenKind::symbol, pos_, text_.substr(pos_, 1)};
  ++pos_;
}

void TextTokens::scan_name() {
  std::size_t end = pos_ + 1;
  while (end < text_.size() && is_text_name_part(text_[end])) ++end;
  token_ = {TokenKind::name, pos_, text_.substr(pos_, end - pos_)};
  pos_ = end;
}

void TextTokens::scan_number() {
  std::size_t end = pos_ + 1;
  const bool hex = end < text_.size() && (text_[end] == 'x' || text_[end] == 'X');
  for (; end < text_.size(); ++end) {
    const char c = text_[end];
    const bool sign = (c == '+' || c == '-') && !hex && (text_[end - 1] == 'e' || text_[end - 1] == 'E');
    if (!sign && c != '.' && !is_text_name_part(c)) break;
  }
  token_ = {TokenKind::number, pos_, text_.substr(pos_, end - pos_)};
  pos_ = end;
}

void TextTokens::scan_string() {
  const char quote = text_[pos_];
  std::size_t end = pos_ + 1;
  while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
  if (end >= text_.size() || text_[end] != quote) {
    throw TextFault{pos_, "a string is not closed on its line", std::string("a closing ") + quote};
  }
  token_ = {TokenKind::string, pos_, text_.substr(pos_ + 1, end - pos_ - 1)};
  pos_ = end + 1;
}

std::string line_and_column(Bytes text, std::size_t at) {
  const Bytes before = text.substr(0, at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return "line " + std::to_string(line) + ":" + std::to_string(before.size() - line_start + 1);
}

}  // namespace thaw::internal
