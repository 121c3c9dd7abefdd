#include <algorithm>

#include "checkpoint/v1_set.h"
#include "io/blame.h"
#include "model/model.h"
#include "model/sniff.h"
#include "subject/find_checkpoint.h"
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

Target open_bundle(const Destination& files, const std::filesystem::path& prefix,
                   std::optional<std::uint64_t> seed) {
  try {
    return open_bundle_target(files, prefix, seed);
  } catch (Error& error) {
    if (error.places().empty()) error.at(prefix.string());
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

Target opened(const Destination& files, const std::filesystem::path& into,
              std::optional<std::uint64_t> seed) {
  const std::optional<FoundCheckpoint> found = find_checkpoint(files, into);
  if (!found && is_folder(files, into)) {
    throw Error(ErrorKind::input_io, "holds no checkpoint, or several and no state file that names one",
                "a folder with one checkpoint", "name the checkpoint: its prefix, or its .index file")
        .at(into.string());
  }
  const bool is_bundle = found && found->format == CheckpointFormat::v2;
  Target target = is_bundle ? open_bundle(files, found->prefix, seed)
                            : open_file_target(files, found ? found->prefix : into, seed);
  if (found && found->prefix == variables_of(into) && is_saved_model(files, into)) {
    target.format = "SavedModel";
    target.result = ResultKind::saved_model;
  }
  target.path = into.string();
  if (found && (is_bundle || found->prefix != into)) target.prefix = found->prefix.string();
  check_names(target);
  return target;
}

}  // namespace

Target open_target(const Destination& files, const std::filesystem::path& into,
                   std::optional<std::uint64_t> seed) {
  return blaming(ErrorKind::input_io, [&] { return opened(files, into, seed); });
}

}  // namespace thaw::internal
