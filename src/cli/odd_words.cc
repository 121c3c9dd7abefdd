#include "cli/odd_words.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace thaw::cli {

namespace {

constexpr std::array kCommandWords = {"diff", "freeze", "inspect", "transplant", "verify"};
constexpr std::size_t kSlip = 2;   // characters that may be wrong: "--otput"
constexpr std::size_t kAlike = 4;  // characters that two options must have in common from the start: "--js"

std::size_t common_start(const std::string& a, const std::string& b) {
  const auto ends = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(ends.in1 - a.begin());
}

// How many characters must be put in, left out or replaced to make one of the other.
std::size_t edits_between(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

// 0: the word; kSlip: still likely a slip of the fingers. Short words tell nothing.
std::size_t slips(const std::string& word, const std::string& meant) {
  if (meant.size() <= kAlike || word.size() > 2 * meant.size()) return kSlip + 1;
  return edits_between(word, meant);
}

// The options that are nearest to the word, or else those that begin most like it.
std::string likely_options(const std::string& word, const std::vector<std::string>& options) {
  std::size_t longest = kAlike, nearest = kSlip + 1;
  for (const std::string& option : options) {
    longest = std::max(longest, common_start(word, option));
    nearest = std::min(nearest, slips(word, option));
  }
  std::string likely;
  for (const std::string& option : options) {
    const bool alike =
        nearest <= kSlip ? slips(word, option) == nearest : common_start(word, option) >= longest;
    if (alike) likely += (likely.empty() ? "" : " or ") + option;
  }
  return likely;
}

std::string hint_for_option(const std::string& command, const std::string& word,
                            const std::vector<std::string>& options) {
  const std::string name = word.substr(0, word.find('='));
  if (std::ranges::count(options, name) > 0) return "behind -- all words are files: put it before";
  if (name == "--into") return "thaw transplant MODEL --into TARGET";
  if (name.find_first_of("./") != std::string::npos)
    return "a file whose name begins with '-': thaw ./" + escaped(word);
  const std::string likely = likely_options(name, options);
  return likely.empty() ? command + " --help" : "did you mean " + likely + "?";
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

Error unexpected_words(const std::string& command, const std::vector<std::string>& extra,
                       const std::vector<std::string>& options) {
  const auto dashed = [](const std::string& word) { return word.starts_with('-') && word != "--"; };
  const auto first = std::ranges::find_if(extra, dashed);
  if (first == extra.end()) {
    const auto word = std::ranges::find_if(extra, [](const std::string& each) { return each != "--"; });
    if (command == "thaw verify") {
      return {ErrorKind::usage, "a third word, " + thaw::quoted(word == extra.end() ? extra[0] : *word),
              "a model and a checkpoint, or a checkpoint alone", "run thaw verify once for each checkpoint"};
    }
    const bool has_target = std::ranges::count(options, "--into") > 0;
    return {ErrorKind::usage, "a second model, " + thaw::quoted(word == extra.end() ? extra[0] : *word),
            "one model at a time",
            has_target ? "name the target with --into TARGET" : "run thaw once for each"};
  }
  return {ErrorKind::usage, "there is no option " + thaw::quoted(first->substr(0, first->find('='))),
          "an option of " + command + " --help", hint_for_option(command, *first, options)};
}

Error unfit_value(const std::string& command, const std::string& what) {
  const std::string option = what.substr(0, what.find(':'));
  if (has(what, "At Most"))
    return {ErrorKind::usage, option + " is given more than once", "one of it", "leave out all but one"};
  // "--output: 1 required PREFIX missing"
  const std::size_t at = what.find("required "), end = what.rfind(" missing");
  if (at < end && end != std::string::npos) {
    return {ErrorKind::usage, option + " has no value", what.substr(at + 9, end - at - 9) + " behind it",
            command + " --help shows what it takes"};
  }
  return {ErrorKind::usage, escaped(what), "words as " + command + " --help shows them", command + " --help"};
}

void check_file(const std::string& file) {
  if (file.empty())
    throw Error(ErrorKind::usage, "the model's name is ''", "a file", "is a variable of the shell unset?");
  if (file == "-") {
    throw Error(ErrorKind::input_io, "'-': standard input cannot be thawed",
                "a file, which is read in any order", "save it first: cat > model.pb");
  }
  if (file.find("://") != std::string::npos) {
    throw Error(ErrorKind::input_io, thaw::quoted(file) + " is no file", "a file on this machine",
                "download it first: thaw opens no network connection");
  }
}

void check_model(const std::string& model) {
  check_file(model);
  if (model.starts_with('-') || model.find_first_of("./") != std::string::npos) return;
  const auto command =
      std::ranges::find_if(kCommandWords, [&](const char* name) { return slips(model, name) <= kSlip; });
  throw Error(ErrorKind::usage, "there is no command " + thaw::quoted(model),
              "thaw MODEL, the model with a '.' or '/' in its name; thaw --help",
              command == kCommandWords.end() ? "to thaw the file of that name: thaw ./" + escaped(model)
                                             : "did you mean thaw " + std::string(*command) + "?");
}

}  // namespace thaw::cli
