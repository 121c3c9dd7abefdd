#include "passes/function_variants.h"

#include <algorithm>
#include <set>

namespace thaw::internal {

FunctionVariants::FunctionVariants(const Library& library, const FunctionCalls& calls,
                                   const std::vector<FunctionWeight>& weights)
    : library_(library), calls_(calls), weights_(weights), needs_(library.functions().size()) {
  list_needs();
  demand_all();
  for (const std::size_t function : calls.order()) {
    if (are_too_many()) return;
    for (auto next = variants_.lower_bound({function, {}, false}); next != variants_.end(); ++next) {
      if (next->first.function != function) break;
      build(next->first);
    }
  }
}

void FunctionVariants::list_needs() {
  for (std::size_t i = 0; i < weights_.size(); ++i) needs_[weights_[i].function].push_back(i);
  for (const std::size_t function : calls_.order()) {
    if (are_too_many()) return;
    std::set<std::size_t> all(needs_[function].begin(), needs_[function].end());
    for (const auto& [node, site] : calls_.of_function(function)) {
      for (const std::size_t weight : needs(site)) all.insert(weight);
    }
    needs_[function].assign(all.begin(), all.end());
    arguments_ += all.size();
  }
}

void FunctionVariants::demand_all() {
  for (const auto& [node, site] : calls_.of_graph()) demand(site);
  for (std::size_t next = 0; next < work_.size(); ++next) {
    const std::size_t function = work_[next].function;
    for (const auto& [node, site] : calls_.of_function(function)) demand(site);
  }
}

WeightList FunctionVariants::needs(const CallSite& site) const {
  std::set<std::size_t> all;
  for (const Callee& callee : site.callees) {
    const WeightList& needed = needs_[callee.function];
    if (calls_.can_grow(callee.function)) all.insert(needed.begin(), needed.end());
  }
  return {all.begin(), all.end()};
}

FunctionVariants::Key FunctionVariants::key_of(const CallSite& site, std::size_t callee,
                                               const WeightList& list) {
  return {site.callees[callee].function, list, site.callees[callee].attr == "body"};
}

void FunctionVariants::demand(const CallSite& site) {
  if (are_too_many()) return;
  const WeightList list = needs(site);
  for (std::size_t i = 0; i < site.callees.size() && !list.empty() && !are_too_many(); ++i) {
    arguments_ += list.size();
    Key key = key_of(site, i, list);
    if (variants_.emplace(key, Variant{}).second) work_.push_back(std::move(key));
  }
}

std::vector<std::string> FunctionVariants::names(const CallSite& site, const WeightList& list) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < site.callees.size(); ++i)
    names.push_back(variants_.at(key_of(site, i, list)).name);
  return names;
}

std::vector<NewArgument> FunctionVariants::arguments(const WeightList& list) const {
  std::vector<NewArgument> arguments;
  for (const std::size_t weight : list) arguments.push_back(weights_[weight].argument);
  return arguments;
}

void FunctionVariants::extend_inner_calls(const Key& key, const std::map<std::size_t, std::string>& names,
                                          FunctionDef& function) const {
  for (const auto& [node, site] : calls_.of_function(key.function)) {
    const WeightList list = needs(site);
    if (list.empty()) continue;
    std::vector<std::string> inputs;
    for (const std::size_t weight : list) inputs.push_back(names.at(weight));
    extend_call(function.nodes[node].node, site, inputs, arguments(list), this->names(site, list));
    function.nodes[node].field = Recipe();
  }
}

void FunctionVariants::build(const Key& key) {
  FunctionDef function = library_.functions()[key.function];
  forget_twins(function);
  ArgumentNames free(function);
  std::map<std::size_t, std::string> names;  // arguments, by weight
  for (const std::size_t weight : key.list) {
    const FunctionWeight& added = weights_[weight];
    const std::string& node = library_.functions()[added.function].nodes[added.node].node.name;
    names[weight] = add_argument(function, free, node, added.argument);
    if (added.function == key.function)
      take_argument(function, added.node, names[weight], added.argument.dtype);
  }
  extend_inner_calls(key, names, function);
  for (const std::size_t weight : key.list) {
    if (key.gives_back) return_argument(function, free, names[weight], weights_[weight].argument.dtype);
  }
  Variant& variant = variants_.at(key);
  const std::string old_name = function.name;
  function.name = variant.name = content_name(function, library_);
  variant.field = encode_function(function);
  for (const FunctionNode& node : function.nodes) {
    for (const std::size_t named : named_functions(node.node, library_)) variant.named.push_back(named);
  }
  note_changes(key, old_name, function);
}

void FunctionVariants::note_changes(const Key& key, const std::string& old_name,
                                    const FunctionDef& function) {
  const std::string count = std::to_string(key.list.size());
  changes_.push_back({"F3", function.name, old_name + " with weights as arguments: " + count});
  for (std::size_t i = 0; i < function.nodes.size(); ++i) {
    if (!function.nodes[i].field.empty()) continue;
    const NodeDef& node = function.nodes[i].node;
    const bool is_call = calls_.of_function(key.function).contains(i);
    changes_.push_back({is_call ? "F2" : "F4", function.name + "/" + node.name,
                        is_call ? "passes weights on" : "Const -> Identity of " + node.inputs[0]});
  }
}

// Functions that are in the library but never called may be there for somebody: they stay, with all they
// name.
std::vector<bool> FunctionVariants::still_named(const std::vector<std::size_t>& by_graph) const {
  std::vector<bool> named(library_.functions().size());
  std::vector<std::size_t> work = by_graph;
  for (const auto& [key, variant] : variants_)
    work.insert(work.end(), variant.named.begin(), variant.named.end());
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (!calls_.is_executed(i) || library_.has_gradient(library_.functions()[i].name)) work.push_back(i);
  }
  for (; !work.empty();) {
    const std::size_t function = work.back();
    work.pop_back();
    if (named[function]) continue;
    named[function] = true;
    for (const FunctionNode& node : library_.functions()[function].nodes) {
      for (const std::size_t inner : named_functions(node.node, library_)) work.push_back(inner);
    }
  }
  return named;
}

Recipe FunctionVariants::rest(const std::vector<std::size_t>& named_by_graph) const {
  const std::vector<bool> stays = still_named(named_by_graph);
  Recipe functions;
  for (std::size_t i = 0; i < stays.size(); ++i) {
    if (stays[i]) functions.add(library_.field(i));
    for (auto next = variants_.lower_bound({i, {}, false}); next != variants_.end(); ++next) {
      if (next->first.function != i) break;
      functions.add(next->second.field);
    }
  }
  return library_.rest_with(std::move(functions));
}

}  // namespace thaw::internal
