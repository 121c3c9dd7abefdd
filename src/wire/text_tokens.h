// TextTokens: the tokens of protobuf's text format, from front to back, one token of look-ahead.
//
//   name    [A-Za-z_][A-Za-z0-9_]*
//   number  a digit, or a point and a digit, then [0-9A-Za-z_.] and a sign after the exponent's e; no sign
//   before it string  "…" or '…' on one line, still escaped symbol  one of { } < > [ ] ( ) : , ; - / .
//
// White space is blank, tab, line feed, carriage return, form feed, vertical tab; `#` opens a comment to the
// end of its line.
#pragma once

#include <cstddef>
#include <string>

#include "thaw/error.h"
#include "thaw/source.h"

namespace thaw::internal {

// Thrown while reading text and turned into an Error, with line and column, by whoever holds the whole text.
struct TextFault {
  std::size_t at;  // byte offset in the text
  std::string problem;
  std::string expected;
  ErrorKind kind = ErrorKind::malformed;
};

enum class TokenKind { name, number, string, symbol, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t at = 0;
  Bytes text;  // of a string: what stands between the quotes
};

class TextTokens {
 public:
  explicit TextTokens(Bytes text);

  Bytes text() const { return text_; }
  const Token& peek() const { return token_; }
  Token take();

  bool at_symbol(char symbol) const {
    return token_.kind == TokenKind::symbol && token_.text.front() == symbol;
  }
  // Takes the symbol if it is the next token.
  bool accept(char symbol);
  // Takes the symbol or throws.
  void expect(char symbol);

  // Throws: the next token is not what was expected.
  [[noreturn]] void fail(std::string expected) const;

 private:
  void scan();
  void scan_name();
  void scan_number();
  void scan_string();

  Bytes text_;
  std::size_t pos_ = 0;
  Token token_;
};

// "line 3:14", counted from one, in bytes.
std::string line_and_column(Bytes text, std::size_t at);

// Where the next token stands at or after `pos`: behind blanks and comments.
std::size_t skip_text_blanks(Bytes text, std::size_t pos);
bool is_text_name_start(char c);
bool is_text_name_part(char c);

}  // namespace thaw::internal
