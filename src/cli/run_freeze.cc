#include <unistd.h>

#include <cstdio>

#include "cli/interruption.h"
#include "cli/run.h"
#include "cli/terminal.h"

namespace thaw::cli {

namespace {

void show(const FreezeReport& report, const ReportWishes& wishes) {
  if (wishes.json) {
    print(to_json(report) + "\n");
  } else if (!wishes.quiet) {
    print(to_text(report, {wants_color(wishes.color, STDOUT_FILENO), wishes.verbose}));
  }
  for (const std::string& warning : report.warnings) std::fprintf(stderr, "warning: %s\n", warning.c_str());
  if (wishes.quiet || wishes.json || report.dry_run) return;
  std::fprintf(stderr, "next:  graph_def = tf.compat.v1.GraphDef.FromString(open(%s, 'rb').read())\n",
               python_quoted(report.path).c_str());
}

}  // namespace

int run(FreezeArguments& arguments) {
  FreezeOptions& options = arguments.options;
  const ReportWishes& wishes = arguments.report;
  options.list_all = wishes.json || wishes.verbose;
  ProgressLine line(wishes.quiet ? Choice::never : wishes.progress);
  options.stop = [] { return interrupted_by() != 0; };
  options.progress = [&line](std::uint64_t done, std::uint64_t total) { line.show(done, total); };
  const FreezeReport report =
      freeze_model(arguments.input, frozen_output(arguments.input, arguments.output), options);
  line.clear();
  show(report, wishes);
  return wishes.strict && !report.warnings.empty() ? 1 : 0;
}

}  // namespace thaw::cli
