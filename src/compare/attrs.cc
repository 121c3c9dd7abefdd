#include "compare/attrs.h"

#include "wire/message_reader.h"

namespace thaw::internal {

Attrs attrs_of(const std::vector<NodeAttr>& attrs) {
  Attrs all;
  for (const NodeAttr& attr : attrs) all[attr.key] = attr.value.bytes();
  return all;
}

AttrViews attr_views_of(Bytes encoded_node) {
  AttrViews all;
  MessageReader reader(encoded_node);
  for (FieldView field; reader.next(field);) {
    if (!field.is_bytes(5)) continue;
    const MapEntry entry = read_map_entry(field.payload);
    all[entry.key] = entry.value;
  }
  return all;
}

}  // namespace thaw::internal
