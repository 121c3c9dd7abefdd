// Rename rules from a file.
#pragma once

#include <string>

namespace thaw {

struct RulesText {
  std::string name;  // for errors
  std::string text;
};

}  // namespace thaw
