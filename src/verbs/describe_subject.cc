#include "verbs/describe_subject.h"

namespace thaw::internal {

InspectReport describe_subject(const Destination& files, const Subject& subject) {
  InspectReport report;
  report.path = subject.path;
  report.format = subject.format;
  for (const std::filesystem::path& path : subject.files) {
    const std::uint64_t bytes = files.open(path)->size();
    report.files.push_back({path.string(), bytes});
    report.bytes += bytes;
  }
  for (const std::string& fault : {subject.values_fault, subject.graph_fault}) {
    if (!fault.empty()) report.warnings.push_back(fault);
  }
  return report;
}

}  // namespace thaw::internal
