// The last look at loops and branches, after all other edits: their messages and what the report says of
// them.
#pragma once

#include <optional>

#include "export/signature.h"
#include "passes/context_messages.h"
#include "thaw/report.h"

namespace thaw::internal {

struct ControlFlowDescription {
  ContextMessages messages;
  ReportedControlFlow report;
};

// Nothing when there are neither loops nor branches.
std::optional<ControlFlowDescription> describe_control_flow(const Draft& draft, const Plan& plan,
                                                            const Signature& signature);

}  // namespace thaw::internal
