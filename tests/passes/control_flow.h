// What a thawed graph's collections say of its loops and branches, as libprotobuf reads them.
#pragma once

#include <string>
#include <vector>

#include "control_flow.pb.h"
#include "passes/thawed.h"
#include "support/loop_text.h"

namespace thaw::internal {

template <typename Message>
std::vector<Message> read_all(const std::vector<std::string>& encoded) {
  std::vector<Message> all;
  for (const std::string& bytes : encoded) EXPECT_TRUE(all.emplace_back().ParseFromString(bytes));
  return all;
}

inline std::vector<oracle::WhileContextDef> loops_of(const Thawed& thawed) {
  return read_all<oracle::WhileContextDef>(thawed.done.parts.contexts.while_contexts);
}

inline std::vector<oracle::CondContextDef> branches_of(const Thawed& thawed) {
  return read_all<oracle::CondContextDef>(thawed.done.parts.contexts.cond_contexts);
}

// "X1 while/Exit", those of loops and branches only.
inline std::multiset<std::string> repairs_of(const Thawed& thawed) {
  std::multiset<std::string> repairs = thawed.changes();
  std::erase_if(repairs, [](const std::string& text) { return text[0] != 'X' && text[0] != 'H'; });
  return repairs;
}

}  // namespace thaw::internal
