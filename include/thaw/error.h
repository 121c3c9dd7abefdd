// Error: the one exception of the library. It says what is wrong and where, what was expected, and what to
// try.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

enum class ErrorKind {
  usage,           // an option or argument makes no sense; nothing was read or written
  input_io,        // a file is missing or cannot be read
  malformed,       // the bytes break the format
  unsupported,     // the format is known, but not something this operation can take
  no_weights,      // a model without anything to thaw
  missing_values,  // the graph has variables and their values were not found
  output_exists,   // something is in the way and force was not given
  output_io,       // writing failed: permissions, space
  interrupted,     // stopped by a signal; temporaries are gone
  bug,             // a promise of this library was broken
};

// "input_io": as in JSON.
std::string_view name_of(ErrorKind kind);

// Copyable. Names taken from files are escaped before they get here (see `quoted`).
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string problem, std::string expected = {}, std::string hint = {});

  // Adds where it happened; callers add the outer place as the error passes: at("node 'a'"), then
  // at("model.pb").
  Error& at(std::string place);

  ErrorKind kind() const { return kind_; }
  const std::string& problem() const { return problem_; }
  const std::string& expected() const { return expected_; }
  const std::string& hint() const { return hint_; }
  // Outermost first: file, node, field.
  const std::vector<std::string>& places() const { return places_; }
  // One line: places, problem, expectation.
  const char* what() const noexcept override { return line_.c_str(); }

 private:
  void compose();

  ErrorKind kind_;
  std::string problem_, expected_, hint_;
  std::vector<std::string> places_;
  std::string line_;
};

// `text` in single quotes, control bytes and invalid UTF-8 as \xNN, cut at 200 bytes: a name from a file can
// neither move a terminal's cursor nor forge a line of a log.
std::string quoted(std::string_view text);

// The same escapes, without quotes and without a cut: for printing a whole name.
std::string escaped(std::string_view text);

}  // namespace thaw
