// Errors about words of the command line that mean nothing here, or not in this place.
#pragma once

#include <string>
#include <vector>

#include "thaw/error.h"

namespace thaw::cli {

// `command`: "thaw", "thaw transplant". `options`: all there are, as they are written ("-o", "--output").
// `extra`: words that no option took; not empty.
Error unexpected_words(const std::string& command, const std::vector<std::string>& extra,
                       const std::vector<std::string>& options);

// From what CLI11 says of an option: "--output: 1 required PREFIX missing".
Error unfit_value(const std::string& command, const std::string& what);

// A first word with neither '.' nor '/' is a command's name, never a file.
void check_model(const std::string& model);

// The same for a word that stands where only files do: any name is one.
void check_file(const std::string& file);

}  // namespace thaw::cli
