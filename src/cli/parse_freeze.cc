#include <CLI/CLI.hpp>

#include "cli/command_parsers.h"
#include "cli/option_groups.h"

namespace thaw::cli {

namespace {

constexpr const char* kFreezeSubject = "PREFIX|DIR";

constexpr const char* kFreezeIntroduction =
    "Freezes a checkpoint and its graph, or a SavedModel, into one .pb file: the way\n"
    "back from thaw MODEL, and what TensorFlow's freezer does, without TensorFlow.\n\n"
    "  thaw freeze train/model.ckpt-900 --outputs logits -o model.pb\n"
    "  thaw freeze exported/1 -o model.pb             the outputs of its signature\n"
    "  thaw freeze train/model.ckpt-900 -n -v         show what would be done\n\n"
    "PREFIX is a checkpoint (its prefix, one of its files or its folder) that has its\n"
    ".meta beside it, DIR the folder of a SavedModel.";

constexpr const char* kFreezeFooter =
    "\nOutputs are nodes or tensors (logits, logits:0), operations that are only to be\n"
    "run among them. Without --outputs they are those of a signature: the one of\n"
    "--signature, serving_default, or the only one.\n\n"
    "A PATTERN is a name, which takes in everything below it as a scope, or a regular\n"
    "expression that matches whole names.\n\n"
    "Exit codes: 0 done, 1 done with warnings under --strict, 2 command line,\n"
    "3 input, 4 output, 5 a bug, 130 and 143 interrupted.";

void add_file_options(CLI::App& app, FreezeArguments& arguments) {
  FreezeOptions& options = arguments.options;
  const std::string group = "Output";
  add_text(app, {"-o,--output", "FILE", "The file or its folder; ./STEM.frozen.pb", group}, arguments.output);
  add_flag(app, {"-n,--dry-run", "", "Everything but writing", group}, options.dry_run);
  add_flag(app, {"-f,--force", "", "Replace an existing file", group}, options.force);
  add_flag(app, {"--verify", "", "Read every byte back and compare it", group}, options.verify);
  app.add_flag_callback(
         "--no-sync", [&sync = options.sync] { sync = false; }, "Do not wait until the file is on the disk")
      ->group(group);
}

void add_graph_options(CLI::App& app, FreezeOptions& options) {
  const std::string group = "Graph";
  app.add_option("--outputs", options.outputs, "What the file is for; the rest is left out")
      ->delimiter(',')
      ->type_name("A,B")
      ->group(group)
      ->allow_extra_args(false);
  add_text(app, {"--signature", "NAME", "Whose outputs are wanted", group}, options.signature);
  add_tag_set(app, {"--tag-set", "TAG,TAG", "Which graph of a SavedModel; '': the untagged", group},
              options.tag_set);
  add_list(app, {"--input,--inputs", "'x:0[?,16]'", "Declare a placeholder's shape anew", group},
           options.inputs);
  add_list(app, {"--keep-variables", "PATTERN", "Variables that stay variables", group},
           options.keep_variables);
  add_flag(app, {"--clear-devices", "", "Take all device names away", group}, options.clear_devices);
}

}  // namespace

Command parse_freeze(int count, char** words) {
  FreezeArguments arguments;
  CLI::App app(kFreezeIntroduction, "thaw freeze");
  app.footer(kFreezeFooter);
  app.set_help_flag("-h,--help", "Show this help");
  add_model(app, arguments.input);
  add_file_options(app, arguments);
  add_graph_options(app, arguments.options);
  add_report_options(app, arguments.report);
  if (std::optional<Answer> answer = parse_words(app, count, words, kFreezeSubject)) return *answer;
  if (arguments.input.empty()) {
    throw Error(ErrorKind::usage, "no checkpoint is named", std::string("thaw freeze ") + kFreezeSubject,
                "thaw freeze --help");
  }
  check_output(app);
  return arguments;
}

}  // namespace thaw::cli
