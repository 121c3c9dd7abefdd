// ChangedArguments: which arguments of a library's functions are variables that the functions write.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "model/call_site.h"

namespace thaw::internal {

// What a function hands on and gets back counts as every variable that it handed on: more may be said to be
// written than is, never less.
class ChangedArguments {
 public:
  explicit ChangedArguments(const Library& library);

  const Library& library() const { return library_; }
  // Whether what a call calls writes its argument of that number.
  bool contains(const CallSite& site, std::uint32_t argument) const;

 private:
  std::size_t place(std::size_t function, std::size_t argument) const { return first_[function] + argument; }
  void look_at(std::size_t function);
  void follow(std::size_t function, std::size_t argument);
  bool goes_on(const NodeDef& node, std::uint32_t slot, std::size_t here);
  void spread();

  const Library& library_;
  std::vector<std::size_t> first_;                 // of each function's arguments, in one row
  std::vector<bool> changed_;                      // by place
  std::vector<std::vector<std::size_t>> callers_;  // of a place: arguments that are handed on to it
  // Of the function that is looked at: nodes by the tensor's node or argument, with the slot.
  std::unordered_map<std::string, std::vector<std::pair<std::size_t, std::uint32_t>>> takers_;
};

}  // namespace thaw::internal
