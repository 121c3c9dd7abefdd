#include "checks/findings.h"

#include <algorithm>

namespace thaw::internal {

void Findings::begin(const std::string& name) {
  const auto known = std::ranges::find(report_.checks, name, &VerifyCheck::name);
  current_ = static_cast<std::size_t>(known - report_.checks.begin());
  if (known == report_.checks.end()) report_.checks.emplace_back().name = name;
}

void Findings::count(std::uint64_t items, std::uint64_t bytes) {
  report_.checks[current_].count += items;
  report_.checks[current_].bytes += bytes;
}

void Findings::describe(const std::string& what) {
  std::string& text = report_.checks[current_].what;
  text += (text.empty() ? "" : ", ") + what;
}

void Findings::add(VerifyProblem problem) {
  VerifyCheck& check = report_.checks[current_];
  check.passed = false;
  problem.check = check.name;
  report_.problems.push_back(std::move(problem));
}

void Findings::add(ProblemKind kind, FindingPlace place, FindingText text) {
  VerifyProblem problem;
  problem.kind = kind;
  problem.file = std::move(place.file);
  problem.byte = place.byte;
  problem.key = std::move(place.key);
  problem.node = std::move(place.node);
  problem.what = std::move(text.what);
  problem.expected = std::move(text.expected);
  problem.hint = std::move(text.hint);
  add(std::move(problem));
}

void Findings::add(const Error& error, FindingPlace place) {
  if (error.kind() == ErrorKind::interrupted || error.kind() == ErrorKind::bug ||
      error.kind() == ErrorKind::usage)
    throw error;
  const std::string tensor = "tensor " + thaw::quoted(place.key), node = "node " + thaw::quoted(place.node);
  std::string what;
  for (const std::string& where : error.places()) {
    if (where == place.file || where == tensor || where == node) continue;
    what += where + ": ";
  }
  const ProblemKind kind = error.kind() == ErrorKind::input_io ? ProblemKind::missing : ProblemKind::damaged;
  add(kind, std::move(place), {what + error.problem(), error.expected(), error.hint()});
}

void Findings::warn(const FindingPlace& place, const std::string& what) {
  const std::string where = text_of(place);
  report_.warnings.push_back(where.empty() ? what : where + ": " + what);
}

std::string text_of(const FindingPlace& place) {
  std::string text = place.file.empty() ? "" : escaped(place.file);
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (place.byte) add("byte " + std::to_string(*place.byte));
  if (!place.key.empty()) add("tensor " + thaw::quoted(place.key));
  if (!place.node.empty()) add("node " + thaw::quoted(place.node));
  return text;
}

}  // namespace thaw::internal
