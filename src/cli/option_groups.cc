#include "cli/option_groups.h"

#include <CLI/CLI.hpp>
#include <charconv>

#include "cli/odd_words.h"
#include "thaw/tag_set.h"

namespace thaw::cli {

namespace {

constexpr const char* kModel = "MODEL";

void replace_all(std::string& text, const std::string& old, const std::string& with) {
  for (std::size_t at; (at = text.find(old)) != std::string::npos;) text.replace(at, old.size(), with);
}

// CLI11 leaves two blank lines between groups, none before the usage, and no name for a hidden word.
std::string help_of(const CLI::App& app, const std::string& subject) {
  std::string text = app.help();
  replace_all(text, "\n\n\n", "\n\n");
  replace_all(text, ".\nUsage: ", ".\n\nUsage: ");
  replace_all(text, "[]", subject);
  replace_all(text, "[...]", subject + "...");
  return text;
}

std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

void check_words(const CLI::App& app) {
  if (app.count(kModel) == 0)
    throw Error(ErrorKind::usage, "no model is named", app.get_name() + " MODEL", app.get_name() + " --help");
  check_model(app[kModel]->as<std::string>());
  check_output(app);
}

}  // namespace

void check_output(const CLI::App& app) {
  if (app.count("--output") > 0 && app["--output"]->as<std::string>().empty()) {
    throw Error(ErrorKind::usage, "--output is ''", "a prefix or a folder",
                "is a variable of the shell unset?");
  }
}

const std::vector<std::pair<std::string, Choice>>& choice_words() {
  static const std::vector<std::pair<std::string, Choice>> words{
      {"auto", Choice::automatic}, {"always", Choice::always}, {"never", Choice::never}};
  return words;
}

void add_text(CLI::App& app, const OptionText& option, std::string& value) {
  app.add_option(option.name, value, option.about)->type_name(option.value)->group(option.group);
}

void add_list(CLI::App& app, const OptionText& option, std::vector<std::string>& values) {
  app.add_option(option.name, values, option.about)
      ->type_name(option.value)
      ->group(option.group)
      ->allow_extra_args(false);
}

void add_flag(CLI::App& app, const OptionText& option, bool& value) {
  app.add_flag(option.name, value, option.about)->group(option.group);
}

void add_words(CLI::App& app, OptionText option, std::vector<ChoiceWord> words) {
  std::string listed;
  for (const ChoiceWord& choice : words) listed += (listed.empty() ? "" : "|") + choice.word;
  const auto take = [name = option.name, command = app.get_name(), listed,
                     words = std::move(words)](const std::string& given) {
    for (const ChoiceWord& choice : words) {
      if (choice.word == given) return choice.take();
    }
    throw Error(ErrorKind::usage, name + " " + thaw::quoted(given), "one of " + listed, command + " --help");
  };
  app.add_option_function<std::string>(option.name, take, option.about)
      ->type_name(listed)
      ->group(option.group);
}

void add_number(CLI::App& app, const OptionText& option, std::int64_t least,
                std::function<void(std::int64_t)> take) {
  const auto read = [name = option.name, least, take = std::move(take)](const std::string& given) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (fault != std::errc() || end != given.data() + given.size() || number < least) {
      throw Error(ErrorKind::usage, name + " " + thaw::quoted(given),
                  "a whole number from " + std::to_string(least) + " on", "for example " + name + " 1");
    }
    take(number);
  };
  app.add_option_function<std::string>(option.name, read, option.about)
      ->type_name(option.value)
      ->group(option.group);
}

void add_amount(CLI::App& app, const OptionText& option, double& value) {
  add_amount(app, option, [&value](double number) { value = number; });
}

void add_amount(CLI::App& app, const OptionText& option, std::function<void(double)> take) {
  const auto read = [name = option.name, take = std::move(take)](const std::string& given) {
    double number = 0;
    const auto [end, fault] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (fault != std::errc() || end != given.data() + given.size() || !(number >= 0)) {
      throw Error(ErrorKind::usage, name + " " + thaw::quoted(given), "a number that is not negative",
                  "for example " + name + " 1e-6");
    }
    take(number);
  };
  app.add_option_function<std::string>(option.name, read, option.about)
      ->type_name(option.value)
      ->group(option.group);
}

void add_output_options(CLI::App& app, const OutputOptions& options) {
  const std::string group = "Output";
  add_text(app, {"-o,--output", "PREFIX", "Prefix, as Saver.save takes it, or a folder", group},
           options.output);
  add_flag(app, {"-n,--dry-run", "", options.about_dry_run, group}, options.dry_run);
  add_flag(app, {"-f,--force", "", options.about_force, group}, options.force);
  add_flag(app, {"--keep-state", "", "Leave an existing `checkpoint` file alone", group}, options.keep_state);
  add_flag(app, {"--verify", "", "Read every byte back and compare it", group}, options.verify);
  app.add_flag_callback(
         "--no-sync", [&sync = options.sync] { sync = false; }, "Do not wait until the files are on the disk")
      ->group(group);
}

void add_tag_set(CLI::App& app, const OptionText& option, std::string& tag_set) {
  const auto take = [&tag_set](const std::string& tags) {
    tag_set = tags.empty() ? std::string(kNoTags) : tags;
  };
  app.add_option_function<std::string>(option.name, take, option.about)
      ->type_name(option.value)
      ->group(option.group);
}

void add_model_options(CLI::App& app, std::string& tag_set, std::string& signature) {
  add_tag_set(app, {"--tag-set", "TAG,TAG", "Which graph of a SavedModel; '': the untagged", "Graph"},
              tag_set);
  add_text(app, {"--signature", "NAME", "Only this one of a model with variables", "Graph"}, signature);
}

void add_report_options(CLI::App& app, ReportWishes& report) {
  const std::string group = "Report";
  add_flag(app, {"--json", "", "Report as JSON on standard output", group}, report.json);
  add_flag(app, {"-q,--quiet", "", "No report, no hints; warnings and errors only", group}, report.quiet);
  add_flag(app, {"-v,--verbose", "", "Every variable, constant and change, with its rule", group},
           report.verbose);
  add_flag(app, {"--strict", "", "Warnings make the exit code 1", group}, report.strict);
  add_choice(app, {"--color", "", "Colours; auto: on a terminal", group}, report.color, choice_words());
  add_choice(app, {"--progress", "", "Progress; auto: on a terminal", group}, report.progress,
             choice_words());
}

void add_rename_options(CLI::App& app, std::vector<std::string>& rename, std::vector<std::string>& files) {
  add_list(app, {"--rename", "'OLD=NEW'", "Rename variables; \\1 to \\9 are groups", "Names"}, rename);
  add_list(app, {"--rules", "FILE", "The same, one rule a line", "Names"}, files);
}

void add_state_options(CLI::App& app, std::string& optimizer, std::optional<std::int64_t>& global_step) {
  add_text(app, {"--optimizer", "NAME", "Add a new optimizer's state: adam, sgd, ...", "State"}, optimizer);
  add_number(app, {"--global-step", "N", "The step in the checkpoint", "State"}, 0,
             [&global_step](std::int64_t step) { global_step = step; });
}

void add_model(CLI::App& app, std::string& model) { app.add_option(kModel, model)->group(""); }

std::optional<Answer> parse_words(CLI::App& app, int count, char** words, const std::string& subject) {
  if (count < 2) return Answer{help_of(app, subject)};
  try {
    app.parse(count, words);
  } catch (const CLI::CallForHelp&) {
    return Answer{help_of(app, subject)};
  } catch (const CLI::CallForVersion&) {
    return Answer{"thaw " + version() + "\n"};
  } catch (const CLI::ExtrasError&) {
    // "thaw inspct model.pb"
    if (subject == kModel && app.count(kModel) > 0) check_model(app[kModel]->results().front());
    throw unexpected_words(app.get_name(), app.remaining(), options_of(app));
  } catch (const CLI::ParseError& error) {
    throw unfit_value(app.get_name(), error.what());
  }
  return std::nullopt;
}

std::optional<Answer> parse(CLI::App& app, int count, char** words) {
  if (std::optional<Answer> answer = parse_words(app, count, words, kModel)) return answer;
  check_words(app);
  return std::nullopt;
}

}  // namespace thaw::cli
