// Library: the functions of a graph (GraphDef.library, a FunctionDefLibrary: 1 function, 2 gradient, 3
// registered_gradients), large tensors left in the source.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "messages/function_def.h"
#include "model/graph.h"
#include "wire/walk.h"

namespace thaw::internal {

inline constexpr std::size_t kNoFunction = static_cast<std::size_t>(-1);

class Library {
 public:
  // Throws malformed, naming the function.
  explicit Library(const Graph& graph);

  const std::vector<FunctionDef>& functions() const { return functions_; }
  std::size_t find(Bytes name) const;  // kNoFunction when absent
  // A gradient function of its own would no longer fit the arguments.
  bool has_gradient(Bytes name) const { return with_gradient_.contains(std::string(name)); }

  // A function as it was read: field 1 of the library, tag and length included.
  const Recipe& field(std::size_t function) const { return fields_[function]; }
  Recipe fields() const;  // of all functions
  // All of the library but its functions, all of Graph::rest() but the library: whole fields.
  const Recipe& other() const { return other_; }
  const Recipe& graph_rest() const { return graph_rest_; }
  // As Graph::rest() would be with these functions, whole fields, in place of the library's.
  Recipe rest_with(Recipe functions) const;

 private:
  void read_library(const SourcePtr& source, const Field& library, Window& window);
  void read_function(const SourcePtr& source, const Field& field, Window& window);

  std::vector<FunctionDef> functions_;
  std::vector<Recipe> fields_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::unordered_set<std::string> with_gradient_;
  Recipe other_, graph_rest_;
};

// Attributes of a function are small: read whole, so that a hostile one cannot ask for memory.
inline constexpr std::uint64_t kFunctionPartLimit = 1u << 30;

}  // namespace thaw::internal
