#include "verbs/scope_tree.h"

#include <limits>

namespace thaw::internal {

ScopeTree::ScopeTree(std::size_t depth)
    : depth_(depth == 0 ? std::numeric_limits<std::size_t>::max() : depth) {
  all_.name = ".";
}

template <typename Count>
void ScopeTree::for_each_scope(Bytes name, Count count) {
  count(all_);
  std::size_t slash = name.find('/');
  for (std::size_t deep = 0; deep < depth_ && slash != Bytes::npos; ++deep) {
    const Bytes scope = name.substr(0, slash);
    auto found = scopes_.find(scope);
    if (found == scopes_.end()) {
      found = scopes_.emplace(scope, InspectedScope{}).first;
      found->second.name = scope;
    }
    count(found->second);
    slash = name.find('/', slash + 1);
  }
}

void ScopeTree::add_node(Bytes name) {
  for_each_scope(name, [](InspectedScope& scope) { ++scope.nodes; });
}

void ScopeTree::add_weight(Bytes name, std::uint64_t parameters, std::uint64_t bytes) {
  for_each_scope(name, [&](InspectedScope& scope) {
    ++scope.weights;
    scope.parameters += parameters;
    scope.bytes += bytes;
  });
}

std::vector<InspectedScope> ScopeTree::finish() {
  std::vector<InspectedScope> all{std::move(all_)};
  for (auto& [name, scope] : scopes_) all.push_back(std::move(scope));
  return all;
}

}  // namespace thaw::internal
