// One parser for each command.
#pragma once

#include "cli/arguments.h"

namespace thaw::cli {

Command parse_thaw(int count, char** words);
Command parse_inspect(int count, char** words);
// `words` begins with the command's name.
Command parse_freeze(int count, char** words);
Command parse_transplant(int count, char** words);
Command parse_diff(int count, char** words);
Command parse_verify(int count, char** words);

}  // namespace thaw::cli
