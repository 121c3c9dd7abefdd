// What the nodes, arguments and results of functions are called in a CallView.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "messages/free_names.h"
#include "model/library.h"

namespace thaw::internal {

class ViewNames {
 public:
  ViewNames(const Graph& graph, const Library& library);

  // Each function once, numbered as they come. `call` is a node that calls it.
  void add(std::size_t function, Bytes call);
  std::size_t count() const { return instances_.size(); }
  std::size_t find(std::size_t function) const { return by_function_.at(function); }
  const FunctionDef& function(std::size_t instance) const;
  std::size_t function_number(std::size_t instance) const { return instances_[instance].function; }

  const std::string& of_node(std::size_t instance, std::size_t node) const {
    return instances_[instance].nodes[node];
  }
  const std::string& argument(std::size_t instance, std::size_t k) const {
    return instances_[instance].arguments[k];
  }
  // Data inputs and control edges as nodes of a graph take them. Throws malformed.
  std::vector<std::string> inputs_of(std::size_t instance, const NodeDef& node) const;
  // What result `k` is.
  std::string result(std::size_t instance, std::size_t k) const;
  // Result `k` is argument `k`, untouched.
  bool passes_on(std::size_t instance, std::size_t k) const;
  // `loc:@` of nodes of the function.
  void move_places(std::size_t instance, NodeDef& node) const;

  // A node for each output of a call.
  void add_outputs(const std::string& call, std::size_t count);
  std::string output(const std::string& call, std::uint32_t number) const;

 private:
  struct Instance {
    std::size_t function;
    std::vector<std::string> nodes, arguments;
    std::unordered_map<std::string, std::size_t> node_numbers, argument_numbers;
  };

  std::string unique(const std::string& wanted);
  std::string scope_of(const std::string& function);
  std::string flat(const Instance& instance, const std::string& input) const;

  const Library& library_;
  std::vector<Instance> instances_;
  std::unordered_map<std::size_t, std::size_t> by_function_;
  std::unordered_map<std::string, std::vector<std::string>> outputs_;  // by call
  std::unordered_set<std::string> taken_, scopes_;
  FreeNames free_names_, free_scopes_;
};

}  // namespace thaw::internal
