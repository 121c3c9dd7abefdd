// Attributes of a node or a function as a map, to be compared whatever order they came in.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "messages/node_def.h"

namespace thaw::internal {

using Attrs = std::map<std::string, std::string>;  // encoded AttrValues by key

Attrs attrs_of(const std::vector<NodeAttr>& attrs);

using AttrViews = std::map<Bytes, Bytes>;  // the same without copying

AttrViews attr_views_of(Bytes encoded_node);

}  // namespace thaw::internal
