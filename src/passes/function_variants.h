// FunctionVariants: functions whose weights have become arguments. One function may be needed in several
// forms: the body of a loop gives its arguments back, the branches of a choice take the same list. Each form
// has a name of its own, made from its content: TensorFlow keeps functions by name for a whole process and
// takes two definitions of one name for a mistake.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "draft/draft.h"
#include "draft/library_edit.h"
#include "passes/function_calls.h"

namespace thaw::internal {

// A constant of a function that is a weight.
struct FunctionWeight {
  std::size_t function, node;  // the node's place in the function
  std::string name;            // what its variable's constant is called in the graph
  NewArgument argument;
};

using WeightList = std::vector<std::size_t>;  // ascending numbers of weights

class FunctionVariants {
 public:
  // All weights are in functions that can grow.
  FunctionVariants(const Library& library, const FunctionCalls& calls,
                   const std::vector<FunctionWeight>& weights);

  // Every function on the way to a weight takes it, and a chain of calls makes squares of what a small file
  // says: with more arguments in all than a memory should hold, nothing is made.
  bool are_too_many() const { return arguments_ > kMostArguments; }
  // What the functions of a call need, together.
  WeightList needs(const CallSite& site) const;
  // The names of a call's functions, once it passes what they need.
  std::vector<std::string> names(const CallSite& site, const WeightList& list) const;
  std::vector<NewArgument> arguments(const WeightList& list) const;

  // GraphDef.library and what stands beside it, without the functions that nothing refers to any more.
  Recipe rest(const std::vector<std::size_t>& named_by_graph) const;
  const std::vector<Change>& changes() const { return changes_; }

 private:
  struct Key {
    std::size_t function;
    WeightList list;
    bool gives_back;  // the body of a loop
    auto operator<=>(const Key&) const = default;
  };
  struct Variant {
    std::string name;
    Recipe field;
    std::vector<std::size_t> named;  // functions of the library
  };

  static constexpr std::size_t kMostArguments = 200'000;

  void list_needs();
  void demand_all();
  static Key key_of(const CallSite& site, std::size_t callee, const WeightList& list);
  void demand(const CallSite& site);
  void build(const Key& key);
  void extend_inner_calls(const Key& key, const std::map<std::size_t, std::string>& names,
                          FunctionDef& function) const;
  std::vector<bool> still_named(const std::vector<std::size_t>& by_graph) const;
  void note_changes(const Key& key, const std::string& old_name, const FunctionDef& function);

  const Library& library_;
  const FunctionCalls& calls_;
  const std::vector<FunctionWeight>& weights_;
  std::vector<WeightList> needs_;  // by function
  std::map<Key, Variant> variants_;
  std::vector<Key> work_;
  std::size_t arguments_ = 0;  // that functions take, and calls pass on to them
  std::vector<Change> changes_;
};

}  // namespace thaw::internal
