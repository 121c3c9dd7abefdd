#include <CLI/CLI.hpp>

#include "cli/command_parsers.h"
#include "cli/option_groups.h"

namespace thaw::cli {

namespace {

constexpr const char* kTransplantIntroduction =
    "Puts a frozen model's weights into the variables of your own training code.\n"
    "Writes PREFIX.index, PREFIX.data-00000-of-00001 and the state file named\n"
    "checkpoint, with the names and types of TARGET, which is never changed.\n\n"
    "  thaw transplant model.pb --into train/model.ckpt -o out/model.ckpt\n"
    "  thaw transplant model.pb --into train/model.ckpt -n -v     show the plan\n\n"
    "TARGET is a checkpoint (its prefix, one of its files or its folder), the folder\n"
    "of a SavedModel, a .meta or .pbtxt that holds variables, a file of Keras\n"
    "(.weights.h5, .keras, .h5), or a list: a line 'name dtype [shape]' for each, or\n"
    "a report of thaw --json. For a SavedModel or a file of Keras PREFIX is the name\n"
    "of the result, a copy with other values. A list and -o NAME.h5 give Keras\n"
    "weights, too.";

constexpr const char* kTransplantFooter =
    "\nA PATTERN is a name, which takes in everything below it as a scope, or a regular\n"
    "expression that matches whole names.\n\n"
    "Exit codes: 0 done, 1 the plan is not complete (everything is listed, nothing is\n"
    "written) or done with warnings under --strict, 2 command line, 3 input,\n"
    "4 output, 5 a bug, 130 and 143 interrupted.";

const std::vector<std::pair<std::string, SlotWish>> kSlotWishes{{"reset", SlotWish::reset},
                                                                {"keep", SlotWish::keep}};
const std::vector<std::pair<std::string, MissingWish>> kMissingWishes{
    {"error", MissingWish::error}, {"keep", MissingWish::keep}, {"zero", MissingWish::zero}};

void add_weight_options(CLI::App& app, TransplantOptions& options) {
  const std::string group = "Which weights";
  add_list(app, {"--thaw", "PATTERN", "Constants that are surely weights", group}, options.thaw);
  add_list(app, {"--keep", "PATTERN", "Constants that are none", group}, options.keep);
  add_flag(app, {"--float-ops", "", "Constants of quantized operations, too", group}, options.float_ops);
  add_list(app, {"--skip", "PATTERN", "Weights and entries that take no part", group}, options.skip);
}

void add_name_options(CLI::App& app, TransplantArguments& arguments) {
  TransplantOptions& options = arguments.options;
  add_rename_options(app, options.rename, arguments.rules_files);
  add_text(app, {"--scope", "SCOPE", "The scope of the target's names", "Names"}, options.scope);
  add_text(app, {"--strip-prefix", "SCOPE", "Take this scope off the model's names", "Names"},
           options.strip_prefix);
  add_list(app, {"--layout", "PATTERN=ORDER", "Axes of entries in the target: OIHW, OI, ...", "Names"},
           options.layout);
  add_flag(app, {"--accept-order", "", "Match equals by their order", "Names"}, options.accept_order);
}

void add_value_options(CLI::App& app, TransplantOptions& options) {
  add_choice(app, {"--missing", "", "What the model lacks; error unless given", "State"}, options.missing,
             kMissingWishes);
  add_choice(app, {"--slots", "", "State of optimizers; reset unless given", "State"}, options.slots,
             kSlotWishes);
  add_number(app, {"--seed", "N", "Lets random initialisers draw", "State"}, 0,
             [&options](std::int64_t seed) { options.seed = static_cast<std::uint64_t>(seed); });
  add_state_options(app, options.optimizer, options.global_step);
}

}  // namespace

Command parse_transplant(int count, char** words) {
  TransplantArguments arguments;
  TransplantOptions& options = arguments.options;
  CLI::App app(kTransplantIntroduction, "thaw transplant");
  app.footer(kTransplantFooter);
  app.set_help_flag("-h,--help", "Show this help");
  add_model(app, arguments.model);
  add_text(app, {"--into", "TARGET", "Whose names the weights get", "Output"}, arguments.into);
  add_output_options(app,
                     {arguments.output, options.dry_run, options.force, options.keep_state, options.verify,
                      options.sync, "Plan only; write nothing", "Replace a checkpoint; take folded weights"});
  add_weight_options(app, options);
  add_model_options(app, options.tag_set, options.signature);
  add_name_options(app, arguments);
  add_value_options(app, options);
  add_report_options(app, arguments.report);
  if (std::optional<Answer> answer = parse(app, count, words)) return *answer;
  if (arguments.into.empty()) {
    throw Error(ErrorKind::usage, "no target is named", "thaw transplant MODEL --into TARGET",
                "name the checkpoint, the .meta or the list of your training code");
  }
  if (arguments.output.empty() && !options.dry_run)
    throw Error(ErrorKind::usage, "no place for the result", "-o PREFIX", "add -o out/model.ckpt, or -n");
  return arguments;
}

}  // namespace thaw::cli
