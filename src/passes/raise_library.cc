#include "passes/raise_library.h"

#include "draft/library_edit.h"

namespace thaw::internal {

std::string RaiseLibrary::add(FunctionDef function) {
  function.name = content_name(function, library_);
  while (!names_.insert(function.name).second) function.name += "_";
  functions_.emplace_back(function.name, encode_function(function));
  return function.name;
}

Recipe RaiseLibrary::rest(const std::vector<std::string>& names) const {
  const std::unordered_set<std::string> wanted(names.begin(), names.end());
  Recipe functions = library_.fields();
  for (const auto& [name, field] : functions_) {
    if (wanted.contains(name)) functions.add(field);
  }
  return library_.rest_with(std::move(functions));
}

}  // namespace thaw::internal
