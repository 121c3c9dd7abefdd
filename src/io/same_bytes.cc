#include "io/same_bytes.h"

namespace thaw::internal {

std::optional<Range> find_difference(const Recipe& recipe, const Source& source) {
  std::optional<Range> found;
  std::uint64_t at = 0;
  std::string other;
  recipe.pour([&](Bytes bytes) {
    if (found) return;
    other.resize(bytes.size());
    source.read_at(at, std::as_writable_bytes(std::span(other)));
    if (bytes != other) found = {at, bytes.size()};
    at += bytes.size();
  });
  return found;
}

bool same_bytes(const Recipe& a, const Recipe& b) {
  return a.size() == b.size() && !find_difference(a, *Recipe(b).as_source("bytes to compare"));
}

}  // namespace thaw::internal
