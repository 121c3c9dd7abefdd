// WrittenPlace: a function of the input inside of a graph or function in which calls were written out: below
// the name of a call, or as it is; and what its nodes should be there.
#pragma once

#include <set>

#include "compare/written_body.h"

namespace thaw::internal {

using Texts = std::vector<std::string>;

[[noreturn]] void fail_calls(const std::string& node, const std::string& what);
// The node of an input, "node:output_arg:k" or "node:k".
std::string producer_of(const std::string& input);

struct WrittenPlace {
  WrittenPlace(const Library& library, const FunctionDef& function, WrittenBody& body);

  // A node or an input of the function as it stands there.
  NodeDef moved(const NodeDef& node) const;
  std::string moved(const std::string& input) const;
  // What every node below a call waits for.
  void add_waits(NodeDef& node) const;
  // The same node; what it waits for in any order.
  bool is_same(NodeDef expected, NodeDef written) const;

  const FunctionDef* was;
  WrittenBody* is;
  std::string scope;   // "call/", or empty for the function itself
  std::string device;  // of the call
  Texts arguments;     // what stands for them
  Texts controls;      // of the call

 private:
  bool is_inside_call() const { return !scope.empty(); }
  void move_class(NodeDef& node) const;

  const Library* library_;
  std::unordered_map<std::string, const NodeDef*> nodes_;
  std::unordered_map<std::string, std::size_t> numbers_;  // of arguments
};

}  // namespace thaw::internal
