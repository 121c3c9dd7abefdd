#include "verbs/verify_place.h"

#include <algorithm>

#include "checkpoint/bundle_names.h"
#include "checkpoint/v1_set.h"
#include "model/sniff.h"
#include "target/keras_target.h"

namespace thaw::internal {

namespace {

constexpr const char* kExpected =
    "a checkpoint: its prefix, one of its files, its folder, or that of a SavedModel";

bool is_keras(const Source& file) {
  std::string front(static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), 8)), '\0');
  file.read_at(0, std::as_writable_bytes(std::span(front)));
  return looks_like_keras(front);
}

// What it is, when it is a graph of some kind.
std::optional<std::string> kind_of_graph(const Source& file) {
  try {
    return name_of(sniff(file));
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool has_members(const Destination& files, const std::filesystem::path& prefix) {
  const bool named = prefix.has_filename() && prefix.filename() != "." && prefix.filename() != "..";
  return named && !SetFiles(files, SetNames(prefix)).suffixes(SetFileKind::member).empty();
}

// A file that find_checkpoint takes for none.
void look_at_file(const Destination& files, VerifyPlace& place) {
  const SourcePtr file = files.open(place.path);
  if (is_keras(*file)) return;
  if (const std::optional<std::string> kind = kind_of_graph(*file)) {
    throw Error(ErrorKind::unsupported, "is a " + *kind + ", no checkpoint", kExpected,
                "thaw verify MODEL PREFIX takes the model first")
        .at(place.path.string());
  }
  place.checkpoint = FoundCheckpoint{place.path, CheckpointFormat::v1};  // whose end is damaged
}

void find_rest(const Destination& files, VerifyPlace& place) {
  const std::filesystem::path prefix = prefix_of(place.path);
  if (is_folder(files, place.path)) {
    throw Error(ErrorKind::input_io, "holds no checkpoint, or several and no state file that names one",
                "a folder with one checkpoint", "name the checkpoint: its prefix, or its .index file")
        .at(place.path.string());
  }
  const bool is_one_file = files.exists(place.path);
  if (!is_one_file && !v1_files(files, place.path).empty()) {
    place.checkpoint = FoundCheckpoint{place.path, CheckpointFormat::v1};  // whose first file is damaged
  } else if (has_members(files, prefix) && !(is_one_file && prefix == place.path)) {
    place.checkpoint = FoundCheckpoint{prefix, CheckpointFormat::v2};
  } else if (is_one_file) {
    look_at_file(files, place);
  } else {
    throw Error(ErrorKind::input_io, "there is no checkpoint of that name", kExpected,
                "look at the folder: ls " + escaped(place.path.parent_path().string()))
        .at(place.path.string());
  }
}

}  // namespace

VerifyPlace find_verify_place(const Destination& files, const std::filesystem::path& given) {
  VerifyPlace place;
  const bool is_meta = given.extension() == kMetaSuffix && files.exists(given) && !is_folder(files, given);
  place.path = is_meta ? prefix_of(given) : given;
  if (const auto file = saved_model_file(files, place.path)) {
    place.is_saved_model = true;
    place.graph = file;
    if (has_members(files, variables_of(place.path)))
      place.checkpoint = FoundCheckpoint{variables_of(place.path), CheckpointFormat::v2};
    return place;
  }
  try {
    place.checkpoint = find_checkpoint(files, place.path);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input_io || is_folder(files, place.path)) throw;
    place.fault = error;  // one file of several
    return place;
  }
  if (!place.checkpoint) find_rest(files, place);
  if (!place.checkpoint) return place;
  const bool v1 = place.checkpoint->format == CheckpointFormat::v1;
  const std::filesystem::path meta =
      meta_path(v1 ? v1_base(place.checkpoint->prefix) : place.checkpoint->prefix);
  if (files.exists(meta)) place.graph = meta;
  return place;
}

}  // namespace thaw::internal
