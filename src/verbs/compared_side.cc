#include "verbs/compared_side.h"

#include <algorithm>

#include "model/naming_file.h"
#include "target/keras_target.h"
#include "thaw/error.h"
#include "verbs/float_model.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kHead = 4096;

bool is_keras_file(const Destination& files, const std::filesystem::path& path) {
  if (!files.exists(path) || is_folder(files, path)) return false;
  const SourcePtr file = files.open(path);
  std::string head(static_cast<std::size_t>(std::min<std::uint64_t>(kHead, file->size())), '\0');
  file->read_at(0, std::as_writable_bytes(std::span(head)));
  return looks_like_keras(head);
}

// A file that belongs to it and cannot be opened counts nothing: reading it says what is wrong.
std::uint64_t bytes_of(const Destination& files, const std::vector<std::filesystem::path>& paths) {
  std::uint64_t bytes = 0;
  for (const std::filesystem::path& path : paths) {
    if (files.exists(path)) bytes += files.open(path)->size();
  }
  return bytes;
}

// Null where that is the same graph, and where the weights cannot be told.
std::unique_ptr<const Model> as_floats(const Model& model) {
  const std::vector<std::string> none;
  try {
    Model floats = float_model(model, {none, none});
    return floats.graph == model.graph ? nullptr : std::make_unique<const Model>(std::move(floats));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::bug || error.kind() == ErrorKind::interrupted) throw;
    return nullptr;  // whoever lists the weights says why
  }
}

}  // namespace

void open_side(const Destination& files, const std::filesystem::path& path, const std::string& tag_set,
               ComparedSide& side) {
  side.told.path = path.string();
  if (is_keras_file(files, path)) {
    side.keras = open_target(files, path, std::nullopt);
    side.told.format = side.keras->format;
    side.told.bytes = files.open(path)->size();
    return;
  }
  side.subject = open_subject(files, path);
  if (!side.subject.models.empty())
    side.model = &choose_model(side.subject, side.subject.is_saved_model ? tag_set : "");
  side.told.format = side.subject.format;
  side.told.bytes = bytes_of(files, side.subject.files);
  if (side.model == nullptr) return;
  side.told.nodes = side.model->graph->node_count();
  if (!side.subject.values)
    side.floats = naming_file(side.model->file->name(), [&] { return as_floats(*side.model); });
}

}  // namespace thaw::internal
