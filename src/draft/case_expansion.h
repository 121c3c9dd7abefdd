// _SwitchN, what the lowering of Case leaves (core/common_runtime/lower_case_op.cc): it has no gradient.
// Written out it is a chain of Switches, each asking for one branch, so that the same outputs live: an index
// that no branch has takes the last one (core/kernels/control_flow_ops.cc).
#pragma once

#include <string>
#include <vector>

#include "messages/node_def.h"

namespace thaw::internal {

struct CaseExpansion {
  std::vector<NodeDef> added;        // the Switches behind the first
  NodeDef first;                     // in place of the old node
  std::vector<std::string> outputs;  // what stands for each of the old ones
};

bool is_case(Bytes op);
// How many branches it turns to; 0 when it is not one that can be written out.
std::size_t branches_of(const NodeDef& node);

// Whether an index names a branch; its number, which runs where `place` does; and the index where it names
// none of the branches up to that one.
NodeDef branch_test(const std::string& name, const std::string& index, const std::string& number);
NodeDef branch_number(const std::string& name, const std::string& place, std::size_t branch);
NodeDef guarded_index(const std::string& name, const std::string& index, const std::string& test);

// `is_branch` tells of each branch but the last one whether the index names it.
CaseExpansion expand_case(const NodeDef& node, const std::vector<std::string>& is_branch,
                          const std::string& scope);

}  // namespace thaw::internal
