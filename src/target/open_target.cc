#include <algorithm>

#include "checkpoint/bundle_names.h"
#include "checkpoint/state_file.h"
#include "checkpoint/v1_set.h"
#include "model/model.h"
#include "model/sniff.h"
#include "target/bundle_target.h"
#include "target/graph_target.h"
#include "target/keras_target.h"
#include "target/list_target.h"
#include "target/target.h"
#include "thaw/error.h"
#include "wire/table_footer.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kLongestList = 256u << 20;
constexpr std::size_t kHead = 4096;

std::string read_front(const Source& source, std::uint64_t most) {
  std::string text(static_cast<std::size_t>(std::min(most, source.size())), '\0');
  source.read_at(0, std::as_writable_bytes(std::span(text)));
  return text;
}

// To list a file is an error.
bool is_folder(const Destination& files, const std::filesystem::path& path) {
  try {
    return !files.list(path).empty();
  } catch (const Error&) {
    return false;
  }
}

std::filesystem::path variables_of(const std::filesystem::path& saved_model) {
  return saved_model / "variables" / "variables";
}

// The file `checkpoint` stands for its folder.
std::filesystem::path folder_of_state(const Destination& files, const std::filesystem::path& path) {
  const bool is_state = path.filename() == kStateName && files.exists(path) && !is_folder(files, path) &&
                        !files.exists(index_path(path));
  if (!is_state) return path;
  return path.has_parent_path() ? path.parent_path() : ".";
}

// The newest checkpoint of a folder, or the only one.
std::optional<std::filesystem::path> checkpoint_in(const Destination& files,
                                                   const std::filesystem::path& folder) {
  const std::filesystem::path state = folder / kStateName;
  if (files.exists(state)) {
    const std::filesystem::path prefix = folder / read_state(*files.open(state)).latest;
    if (files.exists(index_path(prefix)) || !v1_files(files, prefix).empty()) return prefix;
  }
  const std::filesystem::path inner = variables_of(folder);
  if (files.exists(index_path(inner))) return inner;
  std::vector<std::string> indices = files.list(folder);
  std::erase_if(indices, [](const std::string& name) { return !name.ends_with(".index") || name[0] == '.'; });
  if (indices.size() == 1) return prefix_of(folder / indices.front());
  return std::nullopt;
}

Target open_list(const SourcePtr& file) {
  if (file->size() > kLongestList) {
    throw Error(ErrorKind::unsupported, "a list of " + std::to_string(file->size()) + " bytes",
                "at most 256 MiB");
  }
  Target target;
  target.format = "list";
  target.slots = list_slots(read_front(*file, kLongestList));
  if (target.slots.empty())
    throw Error(ErrorKind::malformed, "lists nothing", "a line for each variable: name dtype [shape]");
  return target;
}

// What no model can be is no target either, but more than models are targets.
void refuse_strange_files(const Source& file) {
  try {
    sniff(file);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::input_io) throw;
    throw Error(error.kind(), error.problem(),
                "your training code's checkpoint, .meta or SavedModel, a file of Keras weights, or a list of "
                "`name dtype [shape]` lines",
                "is it what was meant by --into?");
  }
}

Target open_file_target(const Destination& files, const std::filesystem::path& path,
                        std::optional<std::uint64_t> seed) {
  const std::vector<std::filesystem::path> shards = v1_files(files, path);
  const SourcePtr file = files.open(shards.empty() ? path : shards.front());
  try {
    if (ends_as_table(*file)) return open_v1_target(files, path, seed);
    const std::string front = read_front(*file, kHead);
    if (looks_like_keras(front)) return open_keras_target(file);
    if (looks_like_list(front)) return open_list(file);
    refuse_strange_files(*file);
    const Model model = open_model(file);
    Target target;
    target.format = name_of(model.kind);
    target.slots = graph_slots(model, seed);
    return target;
  } catch (Error& error) {
    if (error.places().empty() || error.places().front() != file->name()) error.at(file->name());
    throw;
  }
}

Target open_kind(const Destination& files, const std::filesystem::path& path,
                 std::optional<std::uint64_t> seed) {
  if (!files.exists(index_path(path))) return open_file_target(files, path, seed);
  try {
    return open_bundle_target(files, path, seed);
  } catch (Error& error) {
    if (error.places().empty()) error.at(path.string());
    throw;
  }
}

// Two entries of one name cannot both be filled.
void check_names(const Target& target) {
  std::vector<std::string> keys;
  for (const Slot& slot : target.slots) keys.insert(keys.end(), slot.keys.begin(), slot.keys.end());
  std::ranges::sort(keys);
  const auto twice = std::ranges::adjacent_find(keys);
  if (twice == keys.end()) return;
  throw Error(ErrorKind::malformed, "names " + thaw::quoted(*twice) + " twice", "each variable once")
      .at(target.path);
}

}  // namespace

// saved_model/constants.py.
bool is_saved_model(const Destination& files, const std::filesystem::path& folder) {
  return files.exists(folder / "saved_model.pb") || files.exists(folder / "saved_model.pbtxt");
}

Target open_target(const Destination& files, const std::filesystem::path& into,
                   std::optional<std::uint64_t> seed) {
  const std::filesystem::path path = folder_of_state(files, into);
  std::optional<std::filesystem::path> prefix;
  const bool is_meta = path.extension() == ".meta";
  if (files.exists(index_path(path))) prefix = path;
  if (!prefix && !is_meta && files.exists(index_path(prefix_of(path)))) prefix = prefix_of(path);
  if (!prefix && is_folder(files, path)) {
    prefix = checkpoint_in(files, path);
    if (!prefix) {
      throw Error(ErrorKind::input_io, "holds no checkpoint, or several and no state file that names one",
                  "a folder with one checkpoint", "name the checkpoint: its prefix, or its .index file")
          .at(path.string());
    }
  }
  Target target = open_kind(files, prefix.value_or(path), seed);
  if (prefix == variables_of(path) && is_saved_model(files, path)) {
    target.format = "SavedModel";
    target.result = ResultKind::saved_model;
  }
  target.path = into.string();
  target.prefix = prefix.value_or("").string();
  check_names(target);
  return target;
}

}  // namespace thaw::internal
