#include "verbs/write_legacy.h"

#include <algorithm>

#include "keras/h5_file.h"
#include "keras/legacy_weights.h"
#include "thaw/error.h"
#include "verbs/publish_file.h"

namespace thaw::internal {

namespace {

using Weights = std::vector<std::pair<std::string, Value>>;

Weights in_order(const Target& target, const CheckpointContents& contents) {
  Weights weights;
  for (const Slot& slot : target.slots) {
    for (const std::string& key : slot.keys) {
      const auto entry = std::ranges::find(contents.entries, key, &CheckpointEntry::key);
      if (entry != contents.entries.end()) weights.emplace_back(key, contents.blobs[entry->blob]);
    }
  }
  if (weights.size() == contents.entries.size()) return weights;
  throw Error(ErrorKind::usage, "a file of Keras' weights has no place for an optimizer's state",
              "entries of the list", "leave out --optimizer and --global-step");
}

// Read as a stranger's file: the same types and shapes under the same names.
void prove(const SourcePtr& written, const Weights& weights, const std::vector<std::string>& paths) {
  const H5File file = read_h5(written);
  if (file.datasets.size() != weights.size()) fail_proof("has another number of weights");
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto dataset = std::ranges::find(file.datasets, paths[i], &H5Dataset::path);
    const Value& value = weights[i].second;
    const bool same = dataset != file.datasets.end() && dataset->dtype == value.dtype() &&
                      dataset->shape == value.shape() && dataset->fault.empty();
    if (!same) fail_proof("lacks " + thaw::quoted(weights[i].first) + ", or has another one");
  }
}

}  // namespace

bool asks_for_legacy(const std::filesystem::path& path, const Target& target) {
  const std::string name = path.filename().string();
  const bool is_new = name.ends_with(".weights.h5") || name.ends_with(".keras");
  if (target.patched || (!is_new && !name.ends_with(".h5"))) return false;
  if (!is_new && target.format == "list") return true;
  throw Error(
      ErrorKind::usage, thaw::quoted(name) + " cannot be made from a target that is a " + target.format,
      is_new ? "a file of the same kind, saved by your model" : "a list in the order of model.weights",
      "--into untrained.weights.h5, from model.save_weights");
}

std::uint64_t write_legacy(const std::filesystem::path& path, const Target& target,
                           const CheckpointContents& contents, const Source& model,
                           const TransplantOptions& options,
                           const std::shared_ptr<Destination>& destination) {
  const Weights weights = in_order(target, contents);
  const LegacyWeights made = write_legacy_weights(weights);
  const auto look = [&](const SourcePtr& written) {
    prove(written, weights, made.paths);
    model.check_unchanged();
  };
  publish_file({path, made.file, look}, publish_wishes(options), destination);
  return made.file.size();
}

}  // namespace thaw::internal
