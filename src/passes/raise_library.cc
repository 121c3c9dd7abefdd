#include "passes/raise_library.h"

#include "draft/library_edit.h"
#include "wire/message_writer.h"

namespace thaw::internal {

std::string RaiseLibrary::add(FunctionDef function) {
  function.name = content_name(function, library_);
  while (!names_.insert(function.name).second) function.name += "_";
  functions_.emplace_back(function.name, encode_function(function));
  return function.name;
}

Recipe RaiseLibrary::rest(const Graph& graph, const std::vector<std::string>& names) const {
  const std::unordered_set<std::string> wanted(names.begin(), names.end());
  Recipe functions;
  for (std::size_t i = 0; i < library_.functions().size(); ++i) functions.add(library_.field(i));
  for (const auto& [name, field] : functions_) {
    if (wanted.contains(name)) functions.add(field);
  }
  if (graph.has_library()) return library_.rest_with(std::move(functions));
  std::string header;
  append_header(header, 2, functions.size());
  Recipe rest(std::move(header));
  rest.add(std::move(functions));
  rest.add(graph.rest());
  return rest;
}

}  // namespace thaw::internal
