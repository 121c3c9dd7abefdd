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

Recipe rest_with_functions(const Graph& graph, const Library& library,
                           const std::vector<FunctionDef>& functions) {
  Recipe fields;
  for (std::size_t i = 0; i < library.functions().size(); ++i) fields.add(library.field(i));
  for (const FunctionDef& function : functions) fields.add(encode_function(function));
  if (graph.has_library()) return library.rest_with(std::move(fields));
  std::string header;
  append_header(header, 2, fields.size());
  Recipe rest(std::move(header));
  rest.add(std::move(fields));
  rest.add(graph.rest());
  return rest;
}

}  // namespace thaw::internal
