#include <CLI/CLI.hpp>

#include "cli/command_parsers.h"
#include "cli/odd_words.h"
#include "cli/option_groups.h"

namespace thaw::cli {

namespace {

constexpr const char* kDiffIntroduction =
    "Shows what differs between two models or checkpoints: weights bit by bit, graphs\n"
    "node by node. A and B are any two of what Thaw reads: frozen graphs, checkpoints\n"
    "(a prefix, a file of it or its folder), .meta files, SavedModels, Keras weights.\n\n"
    "  thaw diff before.pb after.pb\n"
    "  thaw diff train/model.ckpt-100 train/model.ckpt-200 --weights --tolerance 1e-6\n"
    "  thaw diff model.pb out/model.ckpt --rename 'tower_0/=' --match 'conv.*'\n\n"
    "Not told: another order of nodes or attributes, defaults left out or filled in,\n"
    "other encodings of a tensor, functions under another name. A frozen graph and\n"
    "one with variables are compared as if both were frozen.";

constexpr const char* kDiffNames = "A B";

constexpr const char* kDiffFooter =
    "\nA PATTERN is a name, which takes in everything below it as a scope, or a regular\n"
    "expression that matches whole names.\n\n"
    "Exit codes: 0 no difference, 1 differences, or warnings under --strict,\n"
    "2 command line, 3 input, 4 output, 5 a bug, 130 and 143 interrupted.";

void add_diff_options(CLI::App& app, DiffArguments& arguments, bool& weights, bool& graph,
                      double& tolerance) {
  DiffOptions& options = arguments.options;
  const std::string group = "What is compared";
  add_flag(app, {"--weights", "", "Weights only", group}, weights);
  add_flag(app, {"--graph", "", "Graphs only", group}, graph);
  add_list(app, {"--match", "PATTERN", "Nodes, functions and weights of these names only", group},
           options.match);
  add_amount(app, {"--tolerance", "X", "Numbers no further apart are the same", group}, tolerance);
  add_tag_set(app, {"--tag-set", "TAGS", "Which graph of a SavedModel: serve,gpu", group}, options.tag_set);
}

void check_words(const std::vector<std::string>& names, bool weights, bool graph) {
  if (names.size() < 2) {
    throw Error(ErrorKind::usage,
                "two models or checkpoints are compared, and " + std::string(names.empty() ? "none" : "one") +
                    " is named",
                "thaw diff A B", "thaw diff --help");
  }
  if (names.size() > 2) {
    throw Error(ErrorKind::usage, "a third word, " + thaw::quoted(names[2]), "two models or checkpoints",
                "run thaw diff once for each pair");
  }
  for (const std::string& name : names) check_file(name);
  if (weights && graph) {
    throw Error(ErrorKind::usage, "both --weights and --graph", "one of them",
                "without either of them all is compared");
  }
}

}  // namespace

Command parse_diff(int count, char** words) {
  DiffArguments arguments;
  bool weights = false, graph = false;
  double tolerance = -1;
  CLI::App app(kDiffIntroduction, "thaw diff");
  app.footer(kDiffFooter);
  app.set_help_flag("-h,--help", "Show this help");
  std::vector<std::string> names;
  app.add_option(kDiffNames, names)->group("")->allow_extra_args(true);
  add_diff_options(app, arguments, weights, graph, tolerance);
  add_rename_options(app, arguments.options.rename, arguments.rules_files);
  add_flag(app, {"--stat", "", "How many of each kind only", "Report"}, arguments.stat);
  add_report_options(app, arguments.report);
  if (std::optional<Answer> answer = parse_words(app, count, words, kDiffNames)) return *answer;
  check_words(names, weights, graph);
  arguments.a = names[0];
  arguments.b = names[1];
  if (weights) arguments.options.part = DiffPart::weights;
  if (graph) arguments.options.part = DiffPart::graph;
  if (tolerance >= 0) arguments.options.tolerance = tolerance;
  return arguments;
}

}  // namespace thaw::cli
