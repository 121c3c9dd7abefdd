#include <CLI/CLI.hpp>

#include "cli/command_parsers.h"
#include "cli/option_groups.h"

namespace thaw::cli {

namespace {

constexpr const char* kThawIntroduction =
    "Turns a frozen TensorFlow model back into one you can train, without TensorFlow.\n"
    "Writes PREFIX.index, PREFIX.data-00000-of-00001, PREFIX.meta and the state file\nnamed checkpoint.\n\n"
    "  thaw model.pb                             write model.thawed/model.ckpt.*\n"
    "  thaw model.pb -o models/deepspeech_v3     write models/deepspeech_v3.*\n"
    "  thaw model.pb --saved-model exported/1    a SavedModel for TensorFlow 2\n"
    "  thaw model.pb -n -v                       show every decision, write nothing\n\n"
    "  thaw transplant model.pb --into TARGET -o PREFIX\n"
    "                                            the weights under your code's names\n"
    "  thaw inspect model.pb                     what is in it; writes nothing\n"
    "  thaw verify model.pb PREFIX               whole, and all of the model in it\n"
    "  thaw diff A B                             what differs between two of them\n"
    "  thaw freeze PREFIX -o model.pb            the way back: one file, all constant\n\n"
    "Reads frozen GraphDefs (.pb, .pbtxt, .pbmm), MetaGraphDefs (.meta) and\nSavedModels, binary or text; "
    "variables' "
    "values from the checkpoint beside them.\n"
    "Nothing is sent over the network.";

constexpr const char* kThawFooter =
    "\nA PATTERN is a name, which takes in everything below it as a scope, or a regular\n"
    "expression that matches whole names.\n\n"
    "Exit codes: 0 done, 1 done with warnings under --strict, 2 command line,\n"
    "3 input, 4 output, 5 a bug, 130 and 143 interrupted.";

const std::vector<std::pair<std::string, VariableStyle>> kStyles{{"resource", VariableStyle::resource},
                                                                 {"ref", VariableStyle::ref}};
const std::vector<std::pair<std::string, Initializer>> kInitializers{
    {"nan", Initializer::nan}, {"restore", Initializer::restore}, {"value", Initializer::value}};

const std::vector<std::pair<std::string, BatchNorms>> kBatchNorms{{"frozen", BatchNorms::frozen},
                                                                  {"batch", BatchNorms::batch}};

void add_weight_options(CLI::App& app, ThawOptions& options) {
  const std::string group = "Which constants";
  add_list(app, {"--thaw", "PATTERN", "Constants that are surely variables", group}, options.thaw);
  add_list(app, {"--keep", "PATTERN", "Constants that stay constants", group}, options.keep);
  add_list(app, {"--non-trainable", "PATTERN", "Variables left out of trainable_variables", group},
           options.non_trainable);
}

void add_name_options(CLI::App& app, ThawArguments& arguments) {
  ThawOptions& options = arguments.options;
  add_rename_options(app, options.rename, arguments.rules_files);
  add_text(app, {"--scope", "SCOPE", "Put every node below this scope", "Names"}, options.scope);
  add_text(app, {"--strip-prefix", "SCOPE", "Take this scope off every name", "Names"}, options.strip_prefix);
  add_flag(app, {"--ema-twins", "", "Also write X/ExponentialMovingAverage", "Names"}, options.ema_twins);
}

void add_graph_options(CLI::App& app, ThawOptions& options) {
  add_list(app, {"--input,--inputs", "'x:0[?,16]'", "Declare a placeholder's shape anew", "Graph"},
           options.inputs);
  app.add_option("--outputs", options.outputs, "The signature's outputs")
      ->delimiter(',')
      ->type_name("A,B")
      ->group("Graph")
      ->allow_extra_args(false);
  add_model_options(app, options.tag_set, options.signature);
  add_flag(app, {"--prune", "", "Leave out what the outputs do not need", "Graph"}, options.prune);
  add_flag(app, {"--clear-devices", "", "Take all device names away", "Graph"}, options.clear_devices);
  add_flag(app, {"--expand-cells", "", "Write block cells out, to train through them", "Graph"},
           options.expand_cells);
  add_text(app, {"--target-tf", "VERSION", "The release that is to load it: 1.15, 2.4", "Graph"},
           options.target_tf);
  add_flag(app, {"--float-ops", "", "Float operations in place of quantized ones", "Graph"},
           options.float_ops);
  add_choice(app, {"--variables", "", "Kind of the variables; resource unless given", "Graph"}, options.style,
             kStyles);
  add_choice(app, {"--init", "", "What initialisers assign; nan unless given", "Graph"}, options.initializer,
             kInitializers);
}

void add_training_options(CLI::App& app, ThawOptions& options) {
  const std::string group = "Training";
  add_choice(app, {"--bn", "", "Statistics of norms; frozen unless given", group}, options.batch_norms,
             kBatchNorms);
  add_flag(app, {"--unfold-batch-norm", "", "Norms that were folded are norms again", group},
           options.unfold_batch_norms);
  add_amount(app, {"--bn-momentum", "NUMBER", "Of the moving statistics; 0.99 unless given", group},
             [&options](double momentum) { options.bn_momentum = momentum; });
}

}  // namespace

Command parse_thaw(int count, char** words) {
  ThawArguments arguments;
  ThawOptions& options = arguments.options;
  std::string saved_model;
  CLI::App app(kThawIntroduction, "thaw");
  app.footer(kThawFooter);
  app.set_help_flag("-h,--help", "Show this help");
  app.set_version_flag("-V,--version", "thaw " + version(), "Show the version");
  add_model(app, arguments.model);
  add_output_options(
      app, {arguments.output, options.dry_run, options.force, options.keep_state, options.verify,
            options.sync, "Plan, rewrite and prove; write nothing", "Replace an existing checkpoint"});
  add_text(app, {"--saved-model", "DIR", "Also a SavedModel; without -o only that", "Output"}, saved_model);
  add_weight_options(app, options);
  add_name_options(app, arguments);
  add_graph_options(app, options);
  add_training_options(app, options);
  add_state_options(app, options.optimizer, options.global_step);
  add_report_options(app, arguments.report);
  if (std::optional<Answer> answer = parse(app, count, words)) return *answer;
  options.saved_model = saved_model;
  return arguments;
}

}  // namespace thaw::cli
