// Nodes of functions before and after their weights became arguments: what else is different about them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "draft/library_edit.h"
#include "model/call_site.h"

namespace thaw::internal {

// Something that is said to be different, or nothing.
using Difference = std::optional<std::string>;

// The same node but for the functions it calls, which are looked at by themselves, and for what it passes in
// addition: names, types and shapes.
Difference compare_call(const NodeDef& was, const NodeDef& is, const CallSite& site,
                        const std::vector<std::string>& inputs, const std::vector<NewArgument>& added);
// A constant, and an Identity of `argument` under its name.
Difference compare_constant(const NodeDef& was, const NodeDef& is, const std::string& argument, DType dtype);
// Everything about a function but its name and its nodes; what was added stands behind.
Difference compare_signature(const FunctionDef& was, const FunctionDef& is,
                             const std::vector<NewArgument>& added, bool gives_back);

}  // namespace thaw::internal
