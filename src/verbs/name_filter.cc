#include "verbs/name_filter.h"

namespace thaw::internal {

NameFilter::NameFilter(std::string option, const std::vector<std::string>& words)
    : option_(option), patterns_(std::move(option), words) {}

bool NameFilter::takes(std::initializer_list<Bytes> names) {
  bool taken = takes_all();
  for (const Bytes name : names) taken |= patterns_.matches(name);
  return taken;
}

std::vector<Error> NameFilter::unmatched(std::span<const Bytes> names) const {
  std::vector<Error> errors;
  for (const Pattern* pattern : patterns_.unmatched())
    errors.push_back(no_match_error(option_, *pattern, names));
  return errors;
}

}  // namespace thaw::internal
