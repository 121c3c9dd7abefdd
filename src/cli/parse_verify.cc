#include <CLI/CLI.hpp>

#include "cli/command_parsers.h"
#include "cli/odd_words.h"
#include "cli/option_groups.h"

namespace thaw::cli {

namespace {

constexpr const char* kVerifyIntroduction =
    "Proves that a checkpoint is whole, and that it holds what a model holds.\n\n"
    "  thaw verify out/model.ckpt             every checksum, byte and name\n"
    "  thaw verify model.pb out/model.ckpt    and every weight and node of the model\n\n"
    "PREFIX is a checkpoint (its prefix, one of its files or its folder) or the folder\n"
    "of a SavedModel; with MODEL also a file of Keras (.weights.h5, .keras, .h5). The\n"
    ".meta beside a checkpoint is looked at, too: what it declares has to be in the\n"
    "checkpoint, and frozen again it has to be MODEL. A checkpoint that was made with\n"
    "names of its own, or transplanted, wants the options that it was made with.";

constexpr const char* kVerifyFooter =
    "\nA PATTERN is a name, which takes in everything below it as a scope, or a regular\n"
    "expression that matches whole names.\n\n"
    "Exit codes: 0 verified, 1 not verified (every problem is listed) or warnings under\n"
    "--strict, 2 command line, 3 nothing that could be looked at, 5 a bug, 130 and 143\n"
    "interrupted.";

void add_weight_options(CLI::App& app, VerifyOptions& options) {
  const std::string group = "Which weights";
  add_list(app, {"--thaw", "PATTERN", "Constants that are surely weights", group}, options.thaw);
  add_list(app, {"--keep", "PATTERN", "Constants that are none", group}, options.keep);
  add_flag(app, {"--float-ops", "", "Constants of quantized operations, too", group}, options.float_ops);
  add_list(app, {"--skip", "PATTERN", "Weights and entries that take no part", group}, options.skip);
  add_amount(app, {"--tolerance", "X", "How far a number may be from the model's", group}, options.tolerance);
}

void add_name_options(CLI::App& app, VerifyArguments& arguments) {
  VerifyOptions& options = arguments.options;
  add_rename_options(app, options.rename, arguments.rules_files);
  add_text(app, {"--scope", "SCOPE", "The scope of the checkpoint's names", "Names"}, options.scope);
  add_text(app, {"--strip-prefix", "SCOPE", "Take this scope off the model's names", "Names"},
           options.strip_prefix);
  add_list(app, {"--layout", "PATTERN=ORDER", "Axes of entries: OIHW, OI, ...", "Names"}, options.layout);
  add_flag(app, {"--accept-order", "", "Match equals by their order", "Names"}, options.accept_order);
}

}  // namespace

Command parse_verify(int count, char** words) {
  VerifyArguments arguments;
  CLI::App app(kVerifyIntroduction, "thaw verify");
  app.footer(kVerifyFooter);
  app.set_help_flag("-h,--help", "Show this help");
  app.add_option("MODEL", arguments.model)->group("");
  app.add_option("PREFIX", arguments.checkpoint)->group("");
  add_weight_options(app, arguments.options);
  add_model_options(app, arguments.options.tag_set, arguments.options.signature);
  app.add_option("--outputs", arguments.options.outputs, "What was thawed of a model with variables")
      ->delimiter(',')
      ->type_name("A,B")
      ->group("Graph")
      ->allow_extra_args(false);
  add_name_options(app, arguments);
  add_report_options(app, arguments.report);
  if (std::optional<Answer> answer = parse_words(app, count, words, "[MODEL] PREFIX")) return *answer;
  if (app.count("MODEL") == 0) {
    throw Error(ErrorKind::usage, "no checkpoint is named", "thaw verify PREFIX, or thaw verify MODEL PREFIX",
                "thaw verify --help");
  }
  check_file(arguments.model);
  if (app.count("PREFIX") == 0) {
    std::swap(arguments.model, arguments.checkpoint);
  } else {
    check_file(arguments.checkpoint);
  }
  return arguments;
}

}  // namespace thaw::cli
