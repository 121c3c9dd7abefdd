// The commands, run and shown. Each returns the exit code; errors pass through.
#pragma once

#include <string>

#include "cli/arguments.h"

namespace thaw::cli {

int run(ThawArguments& arguments);
int run(TransplantArguments& arguments);
int run(DiffArguments& arguments);
int run(FreezeArguments& arguments);
int run(VerifyArguments& arguments);
int run(InspectArguments& arguments);

// On standard output. A reader that has gone away is no failure of ours; a full disk is.
void print(const std::string& text);
std::string python_quoted(const std::string& path);
std::vector<RulesText> read_rules(const std::vector<std::string>& files);

}  // namespace thaw::cli
