#pragma once

#include <string>

#include "thaw/error.h"

namespace thaw::internal {

// What `read` returns; an error of its that does not say so yet is told to be in the file `name`.
template <typename Read>
auto naming_file(const std::string& name, const Read& read) {
  try {
    return read();
  } catch (Error& error) {
    if (error.places().empty() || error.places().front() != name) error.at(name);
    throw;
  }
}

}  // namespace thaw::internal
