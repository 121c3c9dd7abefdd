// Graphs written as text (support/graph_text.h), compared.
#pragma once

#include <stdexcept>
#include <string>

#include "compare/compare_graphs.h"
#include "compare/difference_lines.h"
#include "support/graph_text.h"

namespace thaw::internal {

// Everywhere where it stands.
inline std::string with(std::string text, const std::string& old, const std::string& now) {
  if (text.find(old) == std::string::npos) throw std::logic_error("not in the model: " + old);
  for (std::size_t at = 0; (at = text.find(old, at)) != std::string::npos; at += now.size())
    text.replace(at, old.size(), now);
  return text;
}

inline Lines compared(const std::string& a, const std::string& b, const CompareWishes& wishes = {}) {
  return lines_of(compare_graphs(*graph_text::graph_of(a), *graph_text::graph_of(b), wishes));
}

}  // namespace thaw::internal
