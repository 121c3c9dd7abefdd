#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/command_parsers.h"
#include "cli/odd_words.h"
#include "cli/option_groups.h"

namespace thaw::cli {

namespace {

constexpr const char* kInspectIntroduction =
    "Shows what is in a model or checkpoint: what made it, what goes in and comes\n"
    "out, its weights, and whether gradients reach them. Writes nothing.\n\n"
    "  thaw inspect model.pb                            the first screen\n"
    "  thaw inspect model.pb --weights --sort size      a table of weights\n"
    "  thaw inspect train/model.ckpt --weights --stats  and what their numbers are\n"
    "  thaw inspect model.pb --ops --match encoder      operations of a scope\n"
    "  thaw inspect *.pb --json                         a line of JSON for each file\n\n"
    "FILE is a frozen GraphDef (.pb, .pbtxt, .pbmm), a MetaGraphDef (.meta, binary\n"
    "or text), a SavedModel (its folder or file), or a checkpoint of any format (its\n"
    "prefix, one of its files or its folder). Tables have columns that fit a\n"
    "terminal; elsewhere tabs between them, whole names and plain numbers.";

constexpr const char* kInspectFooter =
    "\nA PATTERN is a name, which takes in everything below it as a scope, or a regular\n"
    "expression that matches whole names.\n\n"
    "Exit codes: 0 done, 1 done with warnings under --strict, 2 command line,\n"
    "3 a file that cannot be read (the others are shown), 5 a bug, 130 and 143\n"
    "interrupted.";

constexpr const char* kInspectFiles = "FILE";
constexpr const char* kTreeDepth = "2";

const std::vector<std::pair<std::string, InspectOrder>> kOrders{{"name", InspectOrder::name},
                                                                {"size", InspectOrder::size}};

void add_tables(CLI::App& app, InspectArguments& arguments) {
  const std::string group = "Tables";
  InspectStyle& style = arguments.style;
  add_flag(app, {"--weights", "", "Weights, variables and entries of checkpoints", group}, style.weights);
  add_flag(app, {"--stats", "", "Their numbers: min, max, mean, ...; reads all", group}, style.statistics);
  add_flag(app, {"--io", "", "Inputs and outputs, of every signature", group}, style.io);
  add_flag(app, {"--ops", "", "Operations, how many of each, and their gradients", group}, style.ops);
  add_number(
      app, {"--tree", "DEPTH", "Scopes; so deep, 0 for all of them", group}, 0,
      [&arguments](std::int64_t depth) { arguments.options.tree_depth = static_cast<std::size_t>(depth); });
}

void add_choices(CLI::App& app, InspectArguments& arguments) {
  const std::string group = "What is listed";
  add_list(app, {"--match", "PATTERN", "Only names that fit; alone it means --weights", group},
           arguments.options.match);
  add_choice(app, {"--sort", "", "Order of tables", group}, arguments.style.order, kOrders);
  add_tag_set(app, {"--tag-set", "TAGS", "One graph of a SavedModel: serve or serve,gpu", group},
              arguments.options.tag_set);
}

// A depth may be left out, and then what follows is a file.
std::vector<std::string> with_depth(int count, char** words) {
  std::vector<std::string> all(words, words + count);
  const auto end = std::ranges::find(all, "--");
  std::replace(all.begin(), end, std::string("--tree"), std::string("--tree=") + kTreeDepth);
  return all;
}

Answer tidied(Answer answer) {
  const std::string shown = "--tree DEPTH  ", meant = "--tree[=DEPTH]";
  const std::size_t at = answer.text.find(shown);
  if (at != std::string::npos) answer.text.replace(at, shown.size(), meant);
  return answer;
}

void complete(InspectArguments& arguments) {
  InspectStyle& style = arguments.style;
  style.tree = arguments.options.tree_depth.has_value();
  const bool any = style.weights || style.io || style.ops || style.tree;
  if (style.statistics || (!any && !arguments.options.match.empty())) style.weights = true;
  arguments.options.statistics = style.statistics;
  style.name_file = arguments.files.size() > 1;
}

}  // namespace

Command parse_inspect(int count, char** words) {
  InspectArguments arguments;
  CLI::App app(kInspectIntroduction, "thaw inspect");
  app.footer(kInspectFooter);
  app.set_help_flag("-h,--help", "Show this help");
  app.set_version_flag("-V,--version", "thaw " + version(), "Show the version");
  app.add_option(kInspectFiles, arguments.files)->group("");
  add_tables(app, arguments);
  add_choices(app, arguments);
  add_report_options(app, arguments.report);
  std::vector<std::string> all = with_depth(count, words);
  std::vector<char*> texts;
  for (std::string& word : all) texts.push_back(word.data());
  if (std::optional<Answer> answer = parse_words(app, count, texts.data(), kInspectFiles))
    return tidied(*answer);
  if (arguments.files.empty())
    throw Error(ErrorKind::usage, "no file is named", "thaw inspect FILE", "thaw inspect --help");
  for (const std::string& file : arguments.files) check_file(file);
  complete(arguments);
  return arguments;
}

}  // namespace thaw::cli
