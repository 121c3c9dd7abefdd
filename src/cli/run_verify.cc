#include <unistd.h>

#include <cstdio>

#include "cli/interruption.h"
#include "cli/run.h"
#include "cli/terminal.h"

namespace thaw::cli {

namespace {

void show(const VerifyReport& report, const ReportWishes& wishes) {
  if (wishes.json) {
    print(to_json(report) + "\n");
  } else if (!wishes.quiet) {
    print(to_text(report, {wants_color(wishes.color, STDOUT_FILENO), wishes.verbose}));
  }
  for (const std::string& warning : report.warnings) std::fprintf(stderr, "warning: %s\n", warning.c_str());
}

}  // namespace

int run(VerifyArguments& arguments) {
  VerifyOptions& options = arguments.options;
  const ReportWishes& wishes = arguments.report;
  options.rules = read_rules(arguments.rules_files);
  ProgressLine line(wishes.quiet ? Choice::never : wishes.progress);
  options.stop = [] { return interrupted_by() != 0; };
  options.progress = [&line](std::uint64_t done, std::uint64_t total) { line.show(done, total); };
  const VerifyReport report = arguments.model.empty() ? verify_checkpoint(arguments.checkpoint, options)
                                                      : verify_model(open_file(model_file(arguments.model)),
                                                                     arguments.checkpoint, options);
  line.clear();
  show(report, wishes);
  return !report.verified() || (wishes.strict && !report.warnings.empty()) ? 1 : 0;
}

}  // namespace thaw::cli
