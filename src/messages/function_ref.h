// References to functions inside AttrValues: a func (NameAttrList: 1 name, 2 attr) or a list of them.
#pragma once

#include <string>
#include <vector>

#include "thaw/source.h"

namespace thaw::internal {

// The names, in order; empty for every other kind of attribute.
std::vector<Bytes> referred_functions(Bytes attr_value);
// The same attribute with other names, one for each.
std::string with_functions(Bytes attr_value, const std::vector<std::string>& names);

}  // namespace thaw::internal
