// FunctionCalls: who calls which function, and which functions can be given further arguments: those that are
// called by nothing but calls that are understood, all the way up to the graph.
#pragma once

#include <map>
#include <vector>

#include "model/call_site.h"

namespace thaw::internal {

using Sites = std::map<std::size_t, CallSite>;  // by node

class FunctionCalls {
 public:
  FunctionCalls(const Graph& graph, const Library& library);

  const Sites& of_graph() const { return root_; }
  const Sites& of_function(std::size_t function) const { return inner_[function]; }
  // Something in the graph names it, or names what names it.
  bool is_executed(std::size_t function) const { return executed_[function]; }
  bool can_grow(std::size_t function) const { return can_grow_[function]; }
  // Callees before callers; only functions that can grow.
  const std::vector<std::size_t>& order() const { return order_; }

 private:
  void look_at(const std::vector<std::size_t>& named, const std::optional<CallSite>& site);
  void sort();
  void settle();
  void fix_callees(const CallSite& site, std::vector<std::size_t>& fixed);

  const Library& library_;
  Sites root_;
  std::vector<Sites> inner_;
  std::vector<bool> executed_, can_grow_;
  std::vector<std::size_t> work_, order_;
};

}  // namespace thaw::internal
