#include "checks/check_folder.h"

#include "checkpoint/bundle_names.h"
#include "checkpoint/state_file.h"
#include "checkpoint/v1_set.h"
#include "messages/schema.h"
#include "model/sniff.h"
#include "subject/find_checkpoint.h"
#include "wire/text_form.h"
#include "wire/walk.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kLongestName = 1u << 20;

bool is_there(const Destination& files, const std::filesystem::path& prefix) {
  try {
    return files.exists(index_path(prefix)) || !v1_files(files, prefix).empty();
  } catch (const Error&) {
    return false;
  }
}

// AssetFileDef (core/protobuf/meta_graph.proto): 1 tensor_info, 2 filename.
std::string asset_name(Window& window, Range message) {
  std::string name;
  Walk walk(window, message);
  for (Field field; walk.next(field);) {
    if (field.is_bytes(2)) name = read_payload(window, field.payload, kLongestName);
  }
  return name;
}

SourcePtr from_text(const Source& file) {
  std::string text(static_cast<std::size_t>(file.size()), '\0');
  file.read_at(0, std::as_writable_bytes(std::span(text)));
  return memory_source(text_to_wire(text, saved_model_text()), file.name());
}

}  // namespace

void check_state_file(const Destination& files, const std::filesystem::path& folder, Findings& findings) {
  const std::filesystem::path path = folder / kStateName;
  if (!files.exists(path) || is_folder(files, path)) return;
  CheckpointState state;
  try {
    state = read_state(*files.open(path));
  } catch (const Error& error) {
    return findings.warn({path.string()}, error.problem() + "; TensorFlow ignores such a state file");
  }
  if (!is_there(files, folder / state.latest)) {
    findings.warn({path.string()}, "the newest checkpoint it names, " + thaw::quoted(state.latest) +
                                       ", is not there: TensorFlow would begin without one");
  }
  std::size_t gone = 0;
  std::string first;
  for (const std::string& name : state.all) {
    if (name == state.latest || is_there(files, folder / name)) continue;
    if (gone++ == 0) first = name;
  }
  if (gone == 0) return;
  findings.warn({path.string()}, "names " + thaw::quoted(first) +
                                     (gone == 1 ? "" : " and " + std::to_string(gone - 1) + " more") +
                                     ", which " + (gone == 1 ? "is" : "are") + " not there");
}

// SavedModel: 2 meta_graphs; MetaGraphDef: 6 asset_file_def.
void check_assets(const Destination& files, const std::filesystem::path& folder, const SourcePtr& saved_model,
                  Findings& findings) {
  const SourcePtr wire =
      sniff(*saved_model) == FileKind::saved_model_text ? from_text(*saved_model) : saved_model;
  Window window(*wire, {0, wire->size()});
  Walk walk(window);
  for (Field graph; walk.next(graph);) {
    if (!graph.is_bytes(2)) continue;
    Walk inner(window, graph.payload);
    for (Field field; inner.next(field);) {
      if (!field.is_bytes(6)) continue;
      const std::string name = asset_name(window, field.payload);
      findings.begin("assets");
      findings.count(1);
      const std::filesystem::path path = folder / "assets" / name;
      if (files.exists(path)) continue;
      findings.add(ProblemKind::missing, {path.string()},
                   {"is missing; the SavedModel names it", "every file that it was saved with",
                    "copy the folder 'assets' of the original, too"});
    }
  }
}

}  // namespace thaw::internal
