#include "cli/arguments.h"

#include <array>

#include "cli/command_parsers.h"
#include "cli/option_groups.h"

namespace thaw::cli {

namespace {

struct CommandRow {
  const char* name;
  Command (*parse)(int count, char** words);
};
constexpr std::array kCommands = std::to_array<CommandRow>({
    {"diff", parse_diff},
    {"freeze", parse_freeze},
    {"inspect", parse_inspect},
    {"transplant", parse_transplant},
    {"verify", parse_verify},
});

}  // namespace

Command parse_arguments(int count, char** words) {
  for (const CommandRow& row : kCommands) {
    if (count > 1 && words[1] == std::string(row.name)) return row.parse(count - 1, words + 1);
  }
  return parse_thaw(count, words);
}

ReportWishes wishes_for_errors(int count, char** words) {
  ReportWishes wishes;
  for (int i = 1; i < count && words[i] != std::string("--"); ++i) {
    const std::string word = words[i];
    if (word == "--json") wishes.json = true;
    for (const auto& [name, choice] : choice_words()) {
      const bool apart = word == "--color" && i + 1 < count && words[i + 1] == name;
      if (apart || word == "--color=" + name) wishes.color = choice;
    }
  }
  return wishes;
}

}  // namespace thaw::cli
