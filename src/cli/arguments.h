// Words of the command line to options.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "thaw/diff.h"
#include "thaw/freeze.h"
#include "thaw/inspect.h"
#include "thaw/thaw.h"
#include "thaw/verify.h"

namespace thaw::cli {

enum class Choice { automatic, always, never };

// How a command tells what it did.
struct ReportWishes {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool strict = false;
  Choice color = Choice::automatic;
  Choice progress = Choice::automatic;
};

// thaw MODEL
struct ThawArguments {
  std::string model;
  std::string output;
  std::vector<std::string> rules_files;
  ThawOptions options;
  ReportWishes report;
};

// thaw transplant MODEL --into TARGET
struct TransplantArguments {
  std::string model;
  std::string into;
  std::string output;
  std::vector<std::string> rules_files;
  TransplantOptions options;
  ReportWishes report;
};

// thaw diff A B
struct DiffArguments {
  std::string a, b;
  std::vector<std::string> rules_files;
  bool stat = false;
  DiffOptions options;
  ReportWishes report;
};

// thaw verify MODEL PREFIX, or thaw verify PREFIX
struct VerifyArguments {
  std::string model;  // empty: none
  std::string checkpoint;
  std::vector<std::string> rules_files;
  VerifyOptions options;
  ReportWishes report;
};

// thaw freeze PREFIX|DIR
struct FreezeArguments {
  std::string input;
  std::string output;
  FreezeOptions options;
  ReportWishes report;
};

// thaw inspect FILE...
struct InspectArguments {
  std::vector<std::string> files;
  InspectOptions options;
  InspectStyle style;  // the tables that are wanted; the rest is found out when running
  ReportWishes report;
};

// What to do instead of running: text for stdout (help, version).
struct Answer {
  std::string text;
};

using Command = std::variant<Answer, ThawArguments, TransplantArguments, DiffArguments, FreezeArguments,
                             VerifyArguments, InspectArguments>;

// Throws usage.
Command parse_arguments(int count, char** words);

// `json` and `color`, as far as they can be told before anything is taken apart: for the report of what is
// wrong with the words.
ReportWishes wishes_for_errors(int count, char** words);

}  // namespace thaw::cli
