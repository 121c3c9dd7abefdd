#include <unistd.h>

#include <cstdio>

#include "cli/interruption.h"
#include "cli/run.h"
#include "cli/terminal.h"

namespace thaw::cli {

int run(DiffArguments& arguments) {
  DiffOptions& options = arguments.options;
  const ReportWishes& wishes = arguments.report;
  options.rules = read_rules(arguments.rules_files);
  ProgressLine line(wishes.quiet ? Choice::never : wishes.progress);
  options.stop = [] { return interrupted_by() != 0; };
  options.progress = [&line](std::uint64_t done, std::uint64_t total) { line.show(done, total); };
  const DiffReport report = diff_models(arguments.a, arguments.b, options);
  line.clear();
  if (wishes.json) {
    print(to_json(report) + "\n");
  } else if (!wishes.quiet) {
    DiffStyle style;
    style.color = wants_color(wishes.color, STDOUT_FILENO);
    style.verbose = wishes.verbose;
    style.stat = arguments.stat;
    print(to_text(report, style));
  }
  for (const std::string& warning : report.warnings) std::fprintf(stderr, "warning: %s\n", warning.c_str());
  return report.differs() || (wishes.strict && !report.warnings.empty()) ? 1 : 0;
}

}  // namespace thaw::cli
