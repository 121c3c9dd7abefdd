// What find_weights decides, as text: "variable trainable E1+R0", "kept N6", "unsure E5+N9".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/graph_text.h"
#include "thaw/report.h"
#include "weights/find_weights.h"

namespace thaw::internal {

inline std::string decision_text(const Decision& decision) {
  std::string text;
  for (const Reason& reason : decision.reasons) text += (text.empty() ? "" : "+") + reason.rule;
  const std::string flags = std::string(decision.derived ? " derived" : "") + (decision.ref ? " ref" : "") +
                            (decision.split ? " split" : "");
  if (decision.verdict == Verdict::kept) return "kept " + text + flags;
  if (decision.verdict == Verdict::unsure) return "unsure " + text + flags;
  return "variable " + std::string(name_of(decision.role)) + " " + text + flags;
}

using Decided = std::map<std::string, std::string>;

// By constant. Lists of patterns as the command line takes them.
struct UserWords {
  std::vector<std::string> thaw = {}, keep = {}, non_trainable = {};
};

inline Decided decide(const std::string& graph_text, const UserWords& words = {}) {
  const auto graph = graph_text::graph_of(graph_text);
  PatternSet thawed("--thaw", words.thaw), kept("--keep", words.keep),
      untrained("--non-trainable", words.non_trainable);
  WeightRules rules;
  if (!thawed.empty()) rules.thaw = &thawed;
  if (!kept.empty()) rules.keep = &kept;
  if (!untrained.empty()) rules.non_trainable = &untrained;
  Decided decided;
  for (const Decision& decision : find_weights(*graph, rules)) {
    decided[std::string(graph->name(decision.node))] = decision_text(decision);
  }
  return decided;
}

// Every constant of a graph is named in `expected`.
struct Example {
  const char* what;
  std::string graph;
  Decided expected;
};

inline std::string example_name(const testing::TestParamInfo<Example>& tested) { return tested.param.what; }

}  // namespace thaw::internal
