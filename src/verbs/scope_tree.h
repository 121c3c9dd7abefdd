// The scopes of a graph's or checkpoint's names, with what lies below each.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "thaw/inspected.h"
#include "thaw/source.h"

namespace thaw::internal {

// Scopes of at most `depth` components, 0: all. Everything together has the name ".".
class ScopeTree {
 public:
  explicit ScopeTree(std::size_t depth);

  void add_node(Bytes name);
  void add_weight(Bytes name, std::uint64_t parameters, std::uint64_t bytes);
  std::vector<InspectedScope> finish();  // sorted by name, "." first

 private:
  template <typename Count>
  void for_each_scope(Bytes name, Count count);

  std::size_t depth_;
  InspectedScope all_;
  std::map<std::string, InspectedScope, std::less<>> scopes_;
};

}  // namespace thaw::internal
