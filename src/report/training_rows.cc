#include "report/training_rows.h"

#include <fmt/format.h>

#include <map>

#include "report/phrases.h"
#include "thaw/error.h"

namespace thaw {

namespace {

using Rows = std::vector<std::pair<std::string_view, std::string>>;

std::string_view about(DropoutState state) {
  switch (state) {
    case DropoutState::passes:
      return "an Identity, where dropout can be put back";
    case DropoutState::scales:
      return "arithmetic";
    case DropoutState::drops:
      return "still dropping";
  }
  return "";
}

void add_dropouts(const ThawReport& report, bool verbose, Rows& rows) {
  if (report.dropouts.empty()) return;
  std::map<DropoutState, std::vector<const ReportedDropout*>> states;
  for (const ReportedDropout& dropout : report.dropouts) states[dropout.state].push_back(&dropout);
  std::string text;
  for (const auto& [state, found] : states) {
    text += fmt::format("{}{} {}: {}{}", text.empty() ? "" : "; ", found.size(), about(state),
                        escaped(found[0]->tensor), found.size() > 1 ? ", ..." : "");
  }
  rows.emplace_back("dropout", text);
  if (!verbose) return;
  for (const ReportedDropout& dropout : report.dropouts) {
    rows.emplace_back("", fmt::format("{}  {}{}", escaped(dropout.tensor), name_of(dropout.state),
                                      dropout.dial.empty() ? "" : ", fed by " + escaped(dropout.dial)));
  }
}

void add_unfolded(const ThawReport& report, bool verbose, Rows& rows) {
  if (report.unfolded.empty()) return;
  rows.emplace_back("unfolded", plural(report.unfolded.size(), "batch norm", "batch norms") +
                                    " that had been folded: gamma is 1, beta the offset");
  for (const std::string& scope : report.unfolded) {
    if (verbose) rows.emplace_back("", escaped(scope));
  }
}

void add_batch_norms(const ThawReport& report, Rows& rows) {
  if (!report.batch_norms || report.batch_norms->training.empty()) return;
  const ReportedBatchNorms& found = *report.batch_norms;
  rows.emplace_back("norms", fmt::format("{} with the statistics of the batch while {} is fed true",
                                         plural(found.fused + found.arithmetic, "batch norm", "batch norms"),
                                         escaped(found.training)));
  rows.emplace_back("", fmt::format("{} of moving statistics in the collection update_ops, momentum {}",
                                    plural(found.update_ops.size(), "update", "updates"), found.momentum));
}

}  // namespace

Rows training_rows(const ThawReport& report, bool verbose) {
  Rows rows;
  add_dropouts(report, verbose, rows);
  add_unfolded(report, verbose, rows);
  add_batch_norms(report, rows);
  return rows;
}

}  // namespace thaw
