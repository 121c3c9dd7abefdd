// Words of the command line to options.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "thaw/thaw.h"

namespace thaw::cli {

enum class Choice { automatic, always, never };

struct Arguments {
  std::string model;
  std::string output;
  std::vector<std::string> rules_files;
  ThawOptions options;
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool strict = false;
  Choice color = Choice::automatic;
  Choice progress = Choice::automatic;
};

// What to do instead of running: text for stdout (help, version).
struct Answer {
  std::string text;
};

struct Parsed {
  Arguments arguments;
  std::optional<Answer> answer;

  // Throws usage; `arguments.json` and `arguments.color` are then as far as they could be told.
  void parse(int count, char** words);
};

}  // namespace thaw::cli
