// Findings: what checks find, gathered into a report. A check that finds something goes on.
#pragma once

#include <string>

#include "thaw/error.h"
#include "thaw/verify.h"

namespace thaw::internal {

// Where something is, as far as that is known.
struct FindingPlace {
  std::string file;
  std::optional<std::uint64_t> byte = std::nullopt;
  std::string key = {}, node = {};
};

// What is wrong there.
struct FindingText {
  std::string what, expected = {}, hint = {};
};

class Findings {
 public:
  explicit Findings(VerifyReport& report) : report_(report) {}

  // What follows belongs to this check: the one of that name, which is begun when there is none.
  void begin(const std::string& name);
  void count(std::uint64_t items, std::uint64_t bytes = 0);
  // A few words more about it.
  void describe(const std::string& what);

  void add(ProblemKind kind, FindingPlace place, FindingText text);
  void add(VerifyProblem problem);
  // An error that was caught. Its outermost place is left out where it is the file; a file that is missing
  // makes a problem of that kind.
  void add(const Error& error, FindingPlace place);
  void warn(const FindingPlace& place, const std::string& what);

  // Something that another check has told keeps this one from passing.
  void fail() { report_.checks[current_].passed = false; }
  bool passed() const { return report_.checks.empty() || report_.checks[current_].passed; }
  std::size_t problems() const { return report_.problems.size(); }

 private:
  VerifyReport& report_;
  std::size_t current_ = 0;
};

// "file, byte 12, tensor 'a'": for sentences.
std::string text_of(const FindingPlace& place);

}  // namespace thaw::internal
