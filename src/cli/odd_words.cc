#include "cli/odd_words.h"

#include <algorithm>

namespace thaw::cli {

namespace {

constexpr std::size_t kAlike = 4;  // characters that two options must have in common from the start: "--js"

std::size_t common_start(const std::string& a, const std::string& b) {
  const auto ends = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(ends.in1 - a.begin());
}

// The options that begin most like the word.
std::string likely_options(const std::string& word, const std::vector<std::string>& options) {
  std::size_t longest = kAlike;
  for (const std::string& option : options) longest = std::max(longest, common_start(word, option));
  std::string likely;
  for (const std::string& option : options) {
    if (common_start(word, option) >= longest) likely += (likely.empty() ? "" : " or ") + option;
  }
  return likely;
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

Error unexpected_words(const std::vector<std::string>& extra, const std::vector<std::string>& options) {
  const auto dashed = [](const std::string& word) { return word.starts_with('-') && word != "--"; };
  const auto first = std::ranges::find_if(extra, dashed);
  if (first == extra.end()) {
    const auto word = std::ranges::find_if(extra, [](const std::string& each) { return each != "--"; });
    return {ErrorKind::usage, "a second model, " + thaw::quoted(word == extra.end() ? extra[0] : *word),
            "one model at a time", "run thaw once for each"};
  }
  const std::string name = first->substr(0, first->find('='));
  const std::string likely = likely_options(name, options);
  const bool may_be_file = name.find_first_of("./") != std::string::npos;
  return {ErrorKind::usage, "there is no option " + thaw::quoted(name), "an option of thaw --help",
          may_be_file      ? "a file whose name begins with '-': thaw ./" + escaped(*first)
          : likely.empty() ? "thaw --help"
                           : "did you mean " + likely + "?"};
}

Error unfit_value(const std::string& what) {
  const std::string option = what.substr(0, what.find(':'));
  if (has(what, "At Most"))
    return {ErrorKind::usage, option + " is given more than once", "one of it", "leave out all but one"};
  // "--output: 1 required PREFIX missing"
  const std::size_t at = what.find("required "), end = what.rfind(" missing");
  if (at < end && end != std::string::npos) {
    return {ErrorKind::usage, option + " has no value", what.substr(at + 9, end - at - 9) + " behind it",
            "thaw --help shows what it takes"};
  }
  return {ErrorKind::usage, escaped(what), "words as thaw --help shows them", "thaw --help"};
}

void check_model(const std::string& model) {
  if (model.empty())
    throw Error(ErrorKind::usage, "the model's name is ''", "a file", "is a variable of the shell unset?");
  if (model.starts_with('-') || model.find_first_of("./") != std::string::npos) return;
  throw Error(ErrorKind::usage, "there is no command " + thaw::quoted(model),
              "thaw MODEL, the model with a '.' or '/' in its name; thaw --help",
              "to thaw the file of that name: thaw ./" + escaped(model));
}

}  // namespace thaw::cli
