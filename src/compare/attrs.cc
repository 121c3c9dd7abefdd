#include "compare/attrs.h"

namespace thaw::internal {

Attrs attrs_of(const std::vector<NodeAttr>& attrs) {
  Attrs all;
  for (const NodeAttr& attr : attrs) all[attr.key] = attr.value.bytes();
  return all;
}

}  // namespace thaw::internal
