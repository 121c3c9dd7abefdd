#include "keras/legacy_weights.h"

#include <algorithm>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

// Keras' own limit for what is in one attribute.
constexpr std::size_t kLongestAttribute = 64512;

using Weights = std::vector<std::pair<std::string, Value>>;

std::string first_component(const std::string& name) {
  const std::size_t slash = name.find('/');
  if (slash != std::string::npos && slash > 0) return name.substr(0, slash);
  throw Error(ErrorKind::usage, thaw::quoted(name) + " is in no layer", "names like 'dense/kernel'",
              "give them with --rename, or write a checkpoint: -o without .h5");
}

// The name of the model, which Keras 3 puts before its layers' and older files do not have.
std::size_t model_prefix(const Weights& weights) {
  std::string common;
  for (const auto& [name, value] : weights) {
    const std::string first = first_component(name);
    const bool inner = name.find('/', first.size() + 1) != std::string::npos;
    if (!inner || (!common.empty() && common != first)) return 0;
    common = first;
  }
  const bool is_model =
      common.starts_with("sequential") || common.starts_with("functional") || common.starts_with("model");
  return is_model ? common.size() + 1 : 0;
}

// Names that are too long for one attribute are in several: name0, name1 ...
void add_names(H5Group& group, const std::string& name, const std::vector<std::string>& names) {
  std::size_t width = 1;
  for (const std::string& one : names) width = std::max(width, one.size());
  const std::size_t each = std::max<std::size_t>(1, kLongestAttribute / width);
  if (names.size() <= each) return group.add({name, names});
  for (std::size_t i = 0; i * each < names.size(); ++i) {
    const auto begin = names.begin() + static_cast<std::ptrdiff_t>(i * each);
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), (i + 1) * each));
    group.add({name + std::to_string(i), {begin, end}});
  }
}

void add_dataset(H5Group& layer, const std::string& name, const Value& value) {
  H5Group* group = &layer;
  std::size_t at = 0;
  for (std::size_t slash; (slash = name.find('/', at)) != std::string::npos; at = slash + 1)
    group = &group->group(name.substr(at, slash - at));
  group->add(name.substr(at), value);
}

}  // namespace

LegacyWeights write_legacy_weights(const Weights& weights) {
  const std::size_t skipped = model_prefix(weights);
  std::vector<std::pair<std::string, std::vector<std::string>>> layers;
  H5Group root;
  LegacyWeights made;
  for (const auto& [whole, value] : weights) {
    const std::string name = whole.substr(skipped);
    const std::string layer = first_component(name);
    auto known = std::ranges::find(layers, layer, [](const auto& one) { return one.first; });
    if (known == layers.end()) known = layers.insert(layers.end(), {layer, {}});
    known->second.push_back(name + ":0");
    add_dataset(root.group(layer), name + ":0", value);
    made.paths.push_back(layer + "/" + name + ":0");
  }
  std::vector<std::string> names;
  for (const auto& [layer, members] : layers) {
    names.push_back(layer);
    add_names(root.group(layer), "weight_names", members);
  }
  add_names(root, "layer_names", names);
  root.add({"backend", {"tensorflow"}, false});
  root.add({"keras_version", {"2.15.0"}, false});
  made.file = write_h5(root);
  return made;
}

}  // namespace thaw::internal
