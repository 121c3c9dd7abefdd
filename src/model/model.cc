#include "model/model.h"

#include "messages/schema.h"
#include "model/graph_builder.h"
#include "model/memmapped_package.h"
#include "thaw/error.h"
#include "wire/text_form.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kTextLimit = std::uint64_t{4} << 30;
constexpr std::uint64_t kEnvelopeLimit = 1u << 30;

SourcePtr from_text(const SourcePtr& file, const TextMessage& root) {
  if (file->size() > kTextLimit) {
    throw Error(ErrorKind::unsupported, "a text of " + std::to_string(file->size()) + " bytes",
                "at most 4 GiB", "convert it to the binary form");
  }
  std::string text(static_cast<std::size_t>(file->size()), '\0');
  file->read_at(0, std::as_writable_bytes(std::span(text)));
  return memory_source(text_to_wire(text, root), file->name());
}

using GraphPtr = std::shared_ptr<const Graph>;

GraphPtr read_graph(const SourcePtr& source, Window& window, Walk walk) {
  GraphBuilder builder(source);
  for (Field field; walk.next(field);) builder.add(field, window);
  return builder.finish();
}

NamedMessage read_named(Window& window, Range entry) {
  NamedMessage named;
  Walk walk(window, entry);
  for (Field field; walk.next(field);) {
    if (field.is_bytes(1)) named.name = read_payload(window, field.payload, kEnvelopeLimit);
    if (field.is_bytes(2)) named.message = read_payload(window, field.payload, kEnvelopeLimit);
  }
  return named;
}

void read_meta_graph(const SourcePtr& source, Model& model) {
  Window window(*source, {0, source->size()});
  Walk walk(window);
  for (Field field; walk.next(field);) {
    if (field.is_bytes(2)) {
      if (model.graph)
        throw Error(ErrorKind::unsupported, "has its graph in two parts", "one MetaGraphDef.graph_def");
      model.graph = read_graph(source, window, Walk(window, field.payload));
    }
    if (field.is_bytes(4)) model.envelope.collections.push_back(read_named(window, field.payload));
    if (field.is_bytes(5)) model.envelope.signatures.push_back(read_named(window, field.payload));
  }
  if (!model.graph) throw Error(ErrorKind::malformed, "holds no graph", "MetaGraphDef.graph_def");
}

void read_plain_graph(const SourcePtr& source, Model& model) { model.graph = internal::read_graph(source); }

}  // namespace

GraphPtr read_graph(const SourcePtr& source) {
  Window window(*source, {0, source->size()});
  return read_graph(source, window, Walk(window));
}

Model open_model(const SourcePtr& file) {
  try {
    Model model;
    model.file = file;
    model.kind = sniff(*file);
    switch (model.kind) {
      case FileKind::graph_def:
        read_plain_graph(file, model);
        break;
      case FileKind::graph_def_text:
        read_plain_graph(from_text(file, graph_def_text()), model);
        break;
      case FileKind::memmapped_package:
        read_plain_graph(open_memmapped_graph(file), model);
        break;
      case FileKind::meta_graph_def:
        read_meta_graph(file, model);
        break;
      case FileKind::meta_graph_def_text:
        read_meta_graph(from_text(file, meta_graph_def_text()), model);
        break;
      case FileKind::saved_model:
      case FileKind::saved_model_text:
        throw Error(ErrorKind::unsupported, "is a SavedModel",
                    "a frozen GraphDef (.pb, .pbtxt, .pbmm) or a MetaGraphDef (.meta)",
                    "its weights are in variables/ beside it, ready for tf.saved_model.load");
    }
    if (model.graph->node_count() == 0)
      throw Error(ErrorKind::malformed, "is a graph without nodes", "at least one node");
    return model;
  } catch (Error& error) {
    if (error.places().empty() || error.places().front() != file->name()) error.at(file->name());
    throw;
  }
}

}  // namespace thaw::internal
