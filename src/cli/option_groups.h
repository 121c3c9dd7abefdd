// Options that several commands share, and the ways in which they are declared.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.h"

namespace CLI {
class App;
}

namespace thaw::cli {

struct OptionText {
  std::string name;   // "-o,--output"
  std::string value;  // "PREFIX"; empty for a flag
  std::string about;
  std::string group;
};

void add_text(CLI::App& app, const OptionText& option, std::string& value);
// May be given again and again.
void add_list(CLI::App& app, const OptionText& option, std::vector<std::string>& values);
void add_flag(CLI::App& app, const OptionText& option, bool& value);

// An option that takes one of a few words.
struct ChoiceWord {
  std::string word;
  std::function<void()> take;
};
void add_words(CLI::App& app, OptionText option, std::vector<ChoiceWord> words);

template <typename Value>
void add_choice(CLI::App& app, const OptionText& option, Value& value,
                const std::vector<std::pair<std::string, Value>>& words) {
  std::vector<ChoiceWord> choices;
  for (const auto& [word, meaning] : words)
    choices.push_back({word, [&value, meaning = meaning] { value = meaning; }});
  add_words(app, option, std::move(choices));
}

// An integer, which may be negative only when `least` says so.
void add_number(CLI::App& app, const OptionText& option, std::int64_t least,
                std::function<void(std::int64_t)> take);

// A command's own wishes, as references to its options.
struct OutputOptions {
  std::string& output;
  bool& dry_run;
  bool& force;
  bool& keep_state;
  bool& verify;
  bool& sync;
  std::string about_dry_run, about_force;
};
void add_output_options(CLI::App& app, const OutputOptions& options);
const std::vector<std::pair<std::string, Choice>>& choice_words();
// --tag-set, whose '' is the graph without tags.
void add_tag_set(CLI::App& app, const OptionText& option, std::string& tag_set);
void add_model_options(CLI::App& app, std::string& tag_set, std::string& signature);
void add_report_options(CLI::App& app, ReportWishes& report);
// A number that is not negative.
void add_amount(CLI::App& app, const OptionText& option, double& value);
void add_amount(CLI::App& app, const OptionText& option, std::function<void(double)> take);
void add_rename_options(CLI::App& app, std::vector<std::string>& rename, std::vector<std::string>& files);
void add_state_options(CLI::App& app, std::string& optimizer, std::optional<std::int64_t>& global_step);

void add_model(CLI::App& app, std::string& model);

// Takes the words apart. Help or version when they were asked for; `count` 1 asks for help. Throws usage,
// also for a model without a name and a prefix without one.
std::optional<Answer> parse(CLI::App& app, int count, char** words);
// The same without a look at what was named, which the help calls `subject`.
std::optional<Answer> parse_words(CLI::App& app, int count, char** words, const std::string& subject);
// Throws usage for an empty --output.
void check_output(const CLI::App& app);

}  // namespace thaw::cli
