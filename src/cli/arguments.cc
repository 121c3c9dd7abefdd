#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "cli/odd_words.h"

namespace thaw::cli {

namespace {

constexpr const char* kIntroduction =
    "Turns a frozen TensorFlow model back into one you can train, without TensorFlow.\n"
    "Writes PREFIX.index, PREFIX.data-00000-of-00001, PREFIX.meta and the state file\nnamed checkpoint.\n\n"
    "  thaw model.pb                             write model.thawed/model.ckpt.*\n"
    "  thaw model.pb -o models/deepspeech_v3     write models/deepspeech_v3.*\n"
    "  thaw model.pb -n -v                       show every decision, write nothing\n\n"
    "Reads frozen GraphDefs (.pb, .pbtxt, .pbmm) and MetaGraphDefs (.meta, binary or\ntext).\n"
    "Nothing is sent over the network.";

constexpr const char* kFooter =
    "\nA PATTERN is a name, which takes in everything below it as a scope, or a regular\n"
    "expression that matches whole names.\n\n"
    "Exit codes: 0 done, 1 done with warnings under --strict, 2 command line,\n"
    "3 input, 4 output, 5 a bug, 130 and 143 interrupted.";

template <typename Value>
using Words = std::vector<std::pair<std::string, Value>>;

const Words<VariableStyle> kStyles{{"resource", VariableStyle::resource}, {"ref", VariableStyle::ref}};
const Words<Initializer> kInitializers{
    {"nan", Initializer::nan}, {"restore", Initializer::restore}, {"value", Initializer::value}};
const Words<Choice> kChoices{
    {"auto", Choice::automatic}, {"always", Choice::always}, {"never", Choice::never}};

// An option that takes one of a few words.
template <typename Value>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Value& value, const Words<Value>& words,
                        const std::string& about) {
  std::string listed;
  for (const auto& [word, meaning] : words) listed += (listed.empty() ? "" : "|") + word;
  const auto take = [name, listed, &value, &words](const std::string& given) {
    for (const auto& [word, meaning] : words) {
      if (word == given) value = meaning;
      if (word == given) return;
    }
    throw Error(ErrorKind::usage, name + " " + thaw::quoted(given), "one of " + listed, "thaw --help");
  };
  return app.add_option_function<std::string>(name, take, about)->type_name(listed);
}

void add_weight_options(CLI::App& app, ThawOptions& options) {
  app.add_option("--thaw", options.thaw, "Constants that are surely variables")
      ->type_name("PATTERN")
      ->group("Which constants")
      ->allow_extra_args(false);
  app.add_option("--keep", options.keep, "Constants that stay constants")
      ->type_name("PATTERN")
      ->group("Which constants")
      ->allow_extra_args(false);
  app.add_option("--non-trainable", options.non_trainable, "Variables left out of trainable_variables")
      ->type_name("PATTERN")
      ->group("Which constants")
      ->allow_extra_args(false);
}

void add_name_options(CLI::App& app, Arguments& arguments) {
  ThawOptions& options = arguments.options;
  app.add_option("--rename", options.rename, "Rename variables; \\1 to \\9 are groups")
      ->type_name("'OLD=NEW'")
      ->group("Names")
      ->allow_extra_args(false);
  app.add_option("--rules", arguments.rules_files, "The same, one rule a line")
      ->type_name("FILE")
      ->group("Names")
      ->allow_extra_args(false);
  app.add_option("--scope", options.scope, "Put every node below this scope")
      ->type_name("SCOPE")
      ->group("Names");
  app.add_option("--strip-prefix", options.strip_prefix, "Take this scope off every name")
      ->type_name("SCOPE")
      ->group("Names");
  app.add_flag("--ema-twins", options.ema_twins, "Also write X/ExponentialMovingAverage")->group("Names");
}

void add_graph_options(CLI::App& app, ThawOptions& options) {
  app.add_option("--input,--inputs", options.inputs, "Declare a placeholder's shape anew")
      ->type_name("'x:0[?,16]'")
      ->group("Graph")
      ->allow_extra_args(false);
  app.add_option("--outputs", options.outputs, "The signature's outputs")
      ->delimiter(',')
      ->type_name("A,B")
      ->group("Graph")
      ->allow_extra_args(false);
  app.add_flag("--prune", options.prune, "Leave out what the outputs do not need")->group("Graph");
  app.add_flag("--clear-devices", options.clear_devices, "Take all device names away")->group("Graph");
  app.add_flag("--expand-cells", options.expand_cells,
               "Write LSTMBlockCell, GRUBlockCell and _SwitchN out: as they are, they have no gradient")
      ->group("Graph");
  add_choice(app, "--variables", options.style, kStyles, "Kind of the variables; resource unless given")
      ->group("Graph");
  add_choice(app, "--init", options.initializer, kInitializers, "What initialisers assign; nan unless given")
      ->group("Graph");
}

void add_output_options(CLI::App& app, Arguments& arguments, bool& no_sync) {
  ThawOptions& options = arguments.options;
  app.add_option("-o,--output", arguments.output, "Prefix, as Saver.save takes it, or a folder")
      ->type_name("PREFIX")
      ->group("Output");
  app.add_flag("-n,--dry-run", options.dry_run, "Plan, rewrite and prove; write nothing")->group("Output");
  app.add_flag("-f,--force", options.force, "Replace an existing checkpoint")->group("Output");
  app.add_flag("--keep-state", options.keep_state, "Leave an existing `checkpoint` file alone")
      ->group("Output");
  app.add_flag("--verify", options.verify, "Read every byte back and compare it")->group("Output");
  app.add_flag("--no-sync", no_sync, "Do not wait until the files are on the disk")->group("Output");
}

void add_report_options(CLI::App& app, Arguments& arguments) {
  app.add_flag("--json", arguments.json, "Report as JSON on standard output")->group("Report");
  app.add_flag("-q,--quiet", arguments.quiet, "No report, no hints; warnings and errors only")
      ->group("Report");
  app.add_flag("-v,--verbose", arguments.verbose, "Every variable, constant and change, with its rule")
      ->group("Report");
  app.add_flag("--strict", arguments.strict, "Warnings make the exit code 1")->group("Report");
  add_choice(app, "--color", arguments.color, kChoices, "Colours; auto: on a terminal")->group("Report");
  add_choice(app, "--progress", arguments.progress, kChoices, "Progress; auto: on a terminal")
      ->group("Report");
}

// CLI11 leaves two blank lines between groups.
std::string help_of(const CLI::App& app) {
  std::string text = app.help();
  for (std::size_t at; (at = text.find("\n\n\n")) != std::string::npos;) text.erase(at, 1);
  return text;
}

std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// Known before anything can be wrong, for the report of what is.
void note_how_to_report(int count, char** words, Arguments& arguments) {
  for (int i = 1; i < count && words[i] != std::string("--"); ++i) {
    const std::string word = words[i];
    if (word == "--json") arguments.json = true;
    for (const auto& [name, choice] : kChoices) {
      const bool apart = word == "--color" && i + 1 < count && words[i + 1] == name;
      if (apart || word == "--color=" + name) arguments.color = choice;
    }
  }
}

}  // namespace

void Parsed::parse(int count, char** words) {
  note_how_to_report(count, words, arguments);
  bool no_sync = false;
  CLI::App app(kIntroduction, "thaw");
  app.footer(kFooter);
  app.set_help_flag("-h,--help", "Show this help");
  app.set_version_flag("-V,--version", "thaw " + version(), "Show the version");
  app.add_option("model", arguments.model, "The model")->type_name("MODEL");
  add_output_options(app, arguments, no_sync);
  add_weight_options(app, arguments.options);
  add_name_options(app, arguments);
  add_graph_options(app, arguments.options);
  add_report_options(app, arguments);
  if (count < 2) {
    answer = Answer{help_of(app)};
    return;
  }
  try {
    app.parse(count, words);
  } catch (const CLI::CallForHelp&) {
    answer = Answer{help_of(app)};
    return;
  } catch (const CLI::CallForVersion&) {
    answer = Answer{"thaw " + version() + "\n"};
    return;
  } catch (const CLI::ExtrasError&) {
    throw unexpected_words(app.remaining(), options_of(app));
  } catch (const CLI::ParseError& error) {
    throw unfit_value(error.what());
  }
  if (app.count("model") == 0)
    throw Error(ErrorKind::usage, "no model is named", "thaw MODEL", "thaw --help");
  check_model(arguments.model);
  if (app.count("--output") > 0 && arguments.output.empty())
    throw Error(ErrorKind::usage, "--output is ''", "a prefix or a folder",
                "is a variable of the shell unset?");
  arguments.options.sync = !no_sync;
}

}  // namespace thaw::cli
