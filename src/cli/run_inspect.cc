#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/guarded.h"
#include "cli/interruption.h"
#include "cli/run.h"
#include "cli/terminal.h"

namespace thaw::cli {

namespace {

class InspectRun {
 public:
  explicit InspectRun(InspectArguments& arguments)
      : arguments_(arguments), style_(arguments.style), wishes_(arguments.report) {
    style_.color = wants_color(wishes_.color, STDOUT_FILENO);
    style_.verbose = wishes_.verbose;
    style_.width = terminal_width(STDOUT_FILENO);
  }

  int run() {
    if (arguments_.files.size() == 1) return show_file(arguments_.files.front());
    int code = 0;
    for (const std::string& file : arguments_.files) {
      if (interrupted_by() != 0) throw Error(ErrorKind::interrupted, "stopped");
      code = std::max(code, guarded(wishes_, [&] { return show_file(file); }));
    }
    // What fits in one of them is no mistake.
    return unmatched_.empty() ? code : std::max(code, fail(unmatched_.front(), wishes_));
  }

 private:
  int show_file(const std::string& file) {
    ProgressLine line(wishes_.quiet ? Choice::never : wishes_.progress, "reading");
    InspectOptions options = arguments_.options;
    options.stop = [] { return interrupted_by() != 0; };
    options.progress = [&line](std::uint64_t done, std::uint64_t total) { line.show(done, total); };
    const InspectReport report = inspect(file, options);
    line.clear();
    note_unmatched(report);
    if (wishes_.json) {
      print(to_json(report) + "\n");
    } else if (!wishes_.quiet) {
      show(report);
    }
    return warn(report) && wishes_.strict ? 1 : 0;
  }

  void note_unmatched(const InspectReport& report) {
    if (arguments_.files.size() == 1 && !report.unmatched.empty()) throw report.unmatched.front();
    if (reports_++ == 0) {
      unmatched_ = report.unmatched;
      return;
    }
    std::erase_if(unmatched_, [&](const Error& error) {
      return std::ranges::none_of(report.unmatched,
                                  [&](const Error& other) { return other.problem() == error.problem(); });
    });
  }

  void show(const InspectReport& report) {
    const bool tables = style_.weights || style_.io || style_.ops || style_.tree;
    const bool first = shown_++ == 0;
    const bool apart = !first && !(tables && style_.width == 0);
    print((apart ? "\n" : "") + (tables ? to_tables(report, style_, first) : to_text(report, style_)));
  }

  bool warn(const InspectReport& report) const {
    std::size_t count = report.warnings.size();
    for (const std::string& warning : report.warnings) tell(report, warning);
    for (const InspectedGraph& graph : report.graphs) {
      count += graph.warnings.size();
      for (const std::string& warning : graph.warnings) tell(report, warning);
    }
    return count > 0;
  }

  // Of several files the one that it is about is named.
  void tell(const InspectReport& report, const std::string& warning) const {
    const std::string place = arguments_.files.size() > 1 ? escaped(report.path) + ": " : "";
    std::fprintf(stderr, "warning: %s%s\n", place.c_str(), warning.c_str());
  }

  InspectArguments& arguments_;
  InspectStyle& style_;
  const ReportWishes& wishes_;
  std::vector<Error> unmatched_;  // patterns that fitted nothing in any file so far
  std::size_t reports_ = 0, shown_ = 0;
};

}  // namespace

int run(InspectArguments& arguments) { return InspectRun(arguments).run(); }

}  // namespace thaw::cli
