#include "export/saved_model.h"

#include "wire/message_writer.h"

namespace thaw::internal {

Recipe make_saved_model(const Draft& draft, const MetaGraphParts& parts) {
  Recipe meta_graph = make_meta_graph(draft, parts);
  std::string head;
  MessageWriter(head).varint(1, 1);
  append_header(head, 2, meta_graph.size());
  Recipe file(std::move(head));
  file.add(std::move(meta_graph));
  return file;
}

}  // namespace thaw::internal
