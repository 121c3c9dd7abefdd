#include "target/bundle_target.h"

#include <algorithm>
#include <map>

#include "checkpoint/bundle_names.h"
#include "checkpoint/bundle_reader.h"
#include "checkpoint/v1_set.h"
#include "subject/object_names.h"
#include "target/graph_target.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// Numbers in names by their size: Variable_2 before Variable_10.
std::string natural(const std::string& name) {
  constexpr std::size_t kDigits = 12;
  std::string out;
  for (std::size_t i = 0; i < name.size();) {
    std::size_t end = i;
    while (end < name.size() && name[end] >= '0' && name[end] <= '9') ++end;
    out += std::string(end > i && end - i < kDigits ? kDigits - (end - i) : 0, '0');
    end = std::max(end, i + 1);
    out += name.substr(i, end - i);
    i = end;
  }
  return out;
}

// Names and shapes are of use without the values, too.
std::optional<Value> own_value(BundleReader& reader, const std::string& key, Target& target) {
  try {
    return reader.value(key);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input_io && error.kind() != ErrorKind::unsupported) throw;
    if (target.warnings.empty())
      target.warnings.push_back("the target's own values cannot be read: " + std::string(error.what()));
    return std::nullopt;
  }
}

// Keys of TensorFlow 2 are paths through objects; its variables have names of their own. A SavedModel that
// serves sessions, too, has a variable under its name and under its path.
void use_object_names(Target& target) {
  const auto graph =
      std::ranges::find(target.slots, kObjectGraphKey, [](const Slot& slot) { return Bytes(slot.name); });
  if (graph == target.slots.end() || !graph->own || graph->dtype != DType::string) return;
  std::map<std::string, std::string> names;
  graph->own->for_each_string([&](Bytes message) { names = object_names(message); });
  target.format = "object checkpoint";
  std::vector<Slot> named;
  std::map<std::string, std::size_t> places;
  for (Slot& slot : target.slots) {
    const auto name = names.find(slot.name);
    if (name != names.end()) slot.name = name->second;
    const auto [place, is_new] = places.emplace(slot.name, named.size());
    if (!is_new && named[place->second].dtype == slot.dtype && named[place->second].shape == slot.shape) {
      named[place->second].keys.push_back(slot.keys.front());
    } else {
      named.push_back(std::move(slot));
    }
  }
  target.slots = std::move(named);
}

// The .meta that tf.train.Saver.save leaves beside a checkpoint: what is trained, what initialisers give.
void ask_meta_graph(const Destination& files, const std::filesystem::path& path,
                    std::optional<std::uint64_t> seed, Target& target) {
  if (!files.exists(path)) return;
  std::map<std::string, Slot> declared;
  try {
    for (Slot& slot : graph_slots(open_model(files.open(path)), seed)) {
      for (const std::string& key : slot.keys) declared.emplace(key, slot);
    }
  } catch (const Error& error) {
    target.warnings.push_back("the .meta beside the target is not used: " + std::string(error.what()));
  }
  for (Slot& slot : target.slots) {
    const auto found = declared.find(slot.keys.front());
    if (found == declared.end() || found->second.dtype != slot.dtype) continue;
    slot.trainable = found->second.trainable;
    slot.random = found->second.random;
    if (found->second.initial && found->second.initial->shape() == slot.shape)
      slot.initial = found->second.initial;
  }
}

// In the order in which people number their variables, with what the graph tells.
void settle(const Destination& files, const std::filesystem::path& prefix, std::optional<std::uint64_t> seed,
            Target& target) {
  use_object_names(target);
  std::ranges::sort(target.slots, {}, [](const Slot& slot) { return natural(slot.name); });
  ask_meta_graph(files, meta_path(prefix), seed, target);
}

}  // namespace

Target open_bundle_target(const Destination& files, const std::filesystem::path& prefix,
                          std::optional<std::uint64_t> seed) {
  Target target;
  target.path = prefix.string();
  target.format = "checkpoint";
  BundleReader reader = open_bundle(files, prefix);
  for (const StoredTensor& tensor : reader.tensors()) {
    target.slots.push_back({tensor.key,
                            {tensor.key},
                            tensor.entry.dtype,
                            tensor.entry.shape,
                            std::nullopt,
                            own_value(reader, tensor.key, target),
                            std::nullopt,
                            false});
  }
  settle(files, prefix, seed, target);
  return target;
}

Target open_v1_target(const Destination& files, const std::filesystem::path& path,
                      std::optional<std::uint64_t> seed) {
  Target target;
  target.path = path.string();
  target.format = "checkpoint of the first format";
  std::vector<SourcePtr> sources;
  for (const std::filesystem::path& file : v1_files(files, path)) sources.push_back(files.open(file));
  const V1Set set(sources);
  for (const V1Tensor& tensor : set.tensors()) {
    target.slots.push_back(
        {tensor.name, {tensor.name}, tensor.dtype, tensor.shape, {}, set.value(tensor), {}, false});
  }
  settle(files, v1_base(path), seed, target);
  return target;
}

}  // namespace thaw::internal
