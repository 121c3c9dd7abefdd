#include "model/model.h"

#include "messages/schema.h"
#include "model/graph_builder.h"
#include "model/memmapped_package.h"
#include "model/naming_file.h"
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

// The payload of each field `number`.
void for_each_bytes(Walk walk, std::uint32_t number, const auto& take) {
  for (Field field; walk.next(field);) {
    if (field.is_bytes(number)) take(field.payload);
  }
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

void read_meta_info(Window& window, Range info, Envelope& envelope) {
  Walk walk(window, info);
  for (Field field; walk.next(field);) {
    if (field.is_bytes(4)) envelope.tags.push_back(read_payload(window, field.payload, kEnvelopeLimit));
    if (field.is_bytes(5)) envelope.tensorflow_version = read_payload(window, field.payload, kEnvelopeLimit);
    if (field.is_bytes(6))
      envelope.tensorflow_git_version = read_payload(window, field.payload, kEnvelopeLimit);
  }
}

void read_around(const Field& field, Window& window, Envelope& envelope) {
  if (field.is_bytes(1)) read_meta_info(window, field.payload, envelope);
  if (field.is_bytes(3)) envelope.saver = read_payload(window, field.payload, kEnvelopeLimit);
  if (field.is_bytes(4)) envelope.collections.push_back(read_named(window, field.payload));
  if (field.is_bytes(5)) envelope.signatures.push_back(read_named(window, field.payload));
  if (field.is_bytes(6)) envelope.assets.push_back(read_asset_file_def(window, field.payload));
  if (field.is_bytes(7)) envelope.object_graph = read_payload(window, field.payload, kEnvelopeLimit);
}

// TensorFlow 1 keeps them in a collection instead (python/saved_model/loader_impl.py, get_asset_tensors).
// CollectionDef: 5 any_list {1 value}; Any: 2 value.
void read_collected_assets(Envelope& envelope) {
  for (const NamedMessage& collection : envelope.collections) {
    if (collection.name != "saved_model_assets") continue;
    const SourcePtr source = memory_source(collection.message);
    Window window(*source, {0, source->size()});
    for_each_bytes(Walk(window), 5, [&](Range list) {
      for_each_bytes(Walk(window, list), 1, [&](Range any) {
        for_each_bytes(Walk(window, any), 2,
                       [&](Range asset) { envelope.assets.push_back(read_asset_file_def(window, asset)); });
      });
    });
  }
}

void read_meta_graph(const SourcePtr& source, Window& window, Walk walk, Model& model) {
  for (Field field; walk.next(field);) {
    if (field.is_bytes(2)) {
      if (model.graph)
        throw Error(ErrorKind::unsupported, "has its graph in two parts", "one MetaGraphDef.graph_def");
      model.graph = read_graph(source, window, Walk(window, field.payload));
    } else {
      read_around(field, window, model.envelope);
    }
  }
  if (!model.graph) throw Error(ErrorKind::malformed, "holds no graph", "MetaGraphDef.graph_def");
  if (model.envelope.assets.empty()) read_collected_assets(model.envelope);
}

void read_meta_graph(const SourcePtr& source, Model& model) {
  Window window(*source, {0, source->size()});
  read_meta_graph(source, window, Walk(window), model);
}

std::vector<Model> read_saved_model(const SourcePtr& source, const Model& empty) {
  std::vector<Model> models;
  Window window(*source, {0, source->size()});
  Walk walk(window);
  for (Field field; walk.next(field);) {
    if (!field.is_bytes(2)) continue;
    models.push_back(empty);
    read_meta_graph(source, window, Walk(window, field.payload), models.back());
  }
  if (models.empty()) throw Error(ErrorKind::malformed, "holds no graph", "SavedModel.meta_graphs");
  return models;
}

void read_plain_graph(const SourcePtr& source, Model& model) { model.graph = internal::read_graph(source); }

}  // namespace

GraphPtr read_graph(const SourcePtr& source) {
  Window window(*source, {0, source->size()});
  return read_graph(source, window, Walk(window));
}

namespace {

// What `file` is and, for all but SavedModels, its graph.
void read_model(Model& model) {
  const SourcePtr& file = model.file;
  model.kind = sniff(*file);
  switch (model.kind) {
    case FileKind::graph_def:
      return read_plain_graph(file, model);
    case FileKind::graph_def_text:
      return read_plain_graph(from_text(file, graph_def_text()), model);
    case FileKind::memmapped_package:
      return read_plain_graph(open_memmapped_graph(file), model);
    case FileKind::meta_graph_def:
      return read_meta_graph(file, model);
    case FileKind::meta_graph_def_text:
      return read_meta_graph(from_text(file, meta_graph_def_text()), model);
    case FileKind::saved_model:
    case FileKind::saved_model_text:
      return;
  }
}

}  // namespace

Model open_model(const SourcePtr& file) {
  return naming_file(file->name(), [&] {
    Model model;
    model.file = file;
    read_model(model);
    if (!model.graph) {
      throw Error(ErrorKind::unsupported, "is a SavedModel",
                  "a frozen GraphDef (.pb, .pbtxt, .pbmm) or a MetaGraphDef (.meta)",
                  "its weights are in variables/ beside it, ready for tf.saved_model.load");
    }
    if (model.graph->node_count() == 0)
      throw Error(ErrorKind::malformed, "is a graph without nodes", "at least one node");
    return model;
  });
}

std::vector<Model> open_models(const SourcePtr& file) {
  return naming_file(file->name(), [&] {
    Model model;
    model.file = file;
    read_model(model);
    if (model.graph) return std::vector<Model>{std::move(model)};
    const bool is_text = model.kind == FileKind::saved_model_text;
    return read_saved_model(is_text ? from_text(file, saved_model_text()) : file, model);
  });
}

}  // namespace thaw::internal
