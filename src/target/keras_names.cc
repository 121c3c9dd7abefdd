#include "target/keras_names.h"

#include <algorithm>
#include <array>
#include <map>

#include "names/read_path.h"
#include "names/scopes.h"
#include "target/keras_roles.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr Bytes kModelWeights = "model_weights", kOptimizerWeights = "optimizer_weights",
                kOptimizer = "optimizer";

Bytes without_number(Bytes component) {
  Bytes base;
  return trailing_number(component, &base) ? base : component;
}

// What state an optimiser begins with: zeros as Adam's m, or 0.1 as Adagrad's accumulator. Below a scope
// "Adam" it is known as such (match/training_state.h).
struct OptimizerRow {
  Bytes name, slot;
};
constexpr std::array kOptimizers = std::to_array<OptimizerRow>({
    {"sgd", "m"},
    {"adam", "m"},
    {"adamw", "m"},
    {"adamax", "m"},
    {"rmsprop", "m"},
    {"adadelta", "m"},
    {"lion", "m"},
    {"adagrad", "accumulator"},
});

bool is_scalar(const H5Dataset& dataset) {
  return !dataset.shape.unknown_rank() && dataset.shape.rank() == 0;
}

std::string lower_case(Bytes text) {
  std::string word(text);
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

KerasName optimizer_name(const H5Dataset& dataset, Bytes optimizer, const std::string& variable) {
  const auto row = std::ranges::find(kOptimizers, lower_case(without_number(optimizer)), &OptimizerRow::name);
  if (row == kOptimizers.end()) return {"", KerasPart::unknown_optimizer};
  const Bytes number = is_trainable_float(dataset.dtype) ? "learning_rate" : "iteration";
  const Bytes last = is_scalar(dataset) ? number : row->slot;
  return {"Adam/" + variable + "/" + std::string(last), KerasPart::optimizer};
}

// Files of today: one group for each layer, `vars` below it.
class LayerNamer {
 public:
  explicit LayerNamer(const H5File& file) : file_(file) {
    for (const H5Dataset& dataset : file.datasets) {
      if (is_variable(dataset.path)) layers_[owner_of(dataset.path)].push_back(&dataset);
    }
    named_ = std::ranges::any_of(layers_,
                                 [&](const auto& layer) { return name_of_group(layer.first).has_value(); });
    for (auto& [owner, variables] : layers_) name_roles(owner, variables);
  }

  KerasName name(const H5Dataset& dataset) const {
    const auto role = roles_.find(dataset.path);
    if (role == roles_.end()) return {"", KerasPart::other};
    const std::string owner = owner_of(dataset.path);
    if (owner == kOptimizer) return optimizer_name(dataset, name_of_group(owner).value_or(""), role->second);
    const std::string scope = scope_of(owner);
    return {scope.empty() ? role->second : scope + "/" + role->second, KerasPart::weight};
  }

  bool empty() const { return layers_.empty(); }

 private:
  // Ends with vars/<number>.
  static bool is_variable(Bytes path) {
    const Bytes last = last_component(path);
    return !last.empty() && last.find_first_not_of("0123456789") == Bytes::npos && last.size() < 10 &&
           last_component(parent_scope(path)) == "vars";
  }

  static std::string owner_of(Bytes path) { return std::string(parent_scope(parent_scope(path))); }

  // The layer's own name; Keras before 3.3 and tf_keras do not write it.
  std::optional<std::string> name_of_group(const std::string& group) const {
    const std::vector<std::string>* name = file_.text(group.empty() ? "vars" : group + "/vars", "name");
    if (name == nullptr || name->size() != 1 || name->front().empty()) return std::nullopt;
    return name->front();
  }

  void name_roles(const std::string& owner, std::vector<const H5Dataset*>& variables) {
    std::ranges::sort(variables, {}, [](const H5Dataset* dataset) {
      return std::stoi(std::string(last_component(dataset->path)));
    });
    std::vector<Shape> shapes;
    for (const H5Dataset* dataset : variables) shapes.push_back(dataset->shape);
    std::vector<std::string> roles = keras_roles(std::string(without_number(last_component(owner))), shapes);
    const std::optional<std::string> name = name_of_group(owner);
    const bool told = std::ranges::count(roles, "") == 0;
    if (!told && name) roles = keras_roles(std::string(without_number(*name)), shapes);
    for (std::size_t i = 0; i < variables.size(); ++i) {
      const std::string number(last_component(variables[i]->path));
      roles_[variables[i]->path] = owner == kOptimizer || roles[i].empty() ? number : roles[i];
    }
  }

  static bool is_default_model_name(Bytes name) {
    return without_number(name) == "functional" || without_number(name) == "model";
  }

  // The names of the layers around a variable. A Sequential's is part of its variables' names in Keras 3;
  // those of outer models that nobody named are none in names that were worked out (names/recover_name.h).
  std::string scope_of(const std::string& owner) const {
    std::string scope, group;
    if (const auto root = name_of_group(""); root && without_number(*root) == "sequential") scope = *root;
    for (const Bytes component : components_of(owner)) {
      group += (group.empty() ? "" : "/") + std::string(component);
      const std::string name = name_of_group(group).value_or(plain_name(group, component));
      const bool unnamed_model = scope.empty() && group != owner && is_default_model_name(name);
      if (!name.empty() && !unnamed_model) scope += (scope.empty() ? "" : "/") + name;
    }
    return scope;
  }

  // For want of a name: that of the group, where it is a layer's.
  std::string plain_name(const std::string& group, Bytes component) const {
    if (!layers_.contains(group) || named_) return "";
    if (component != "cell") return std::string(component);
    return std::string(without_number(last_component(parent_scope(group)))) + "_cell";
  }

  const H5File& file_;
  std::map<std::string, std::vector<const H5Dataset*>> layers_;
  std::map<std::string, std::string> roles_;  // by path
  bool named_ = false;
};

// Older files: <layer>/<variable>, below model_weights in those of whole models.
KerasName legacy_name(const H5File& file, const H5Dataset& dataset) {
  Bytes path = dataset.path;
  if (path.ends_with(":0")) path.remove_suffix(2);
  const std::size_t slash = path.find('/');
  const Bytes first = path.substr(0, slash);
  if (slash == Bytes::npos) return {"", KerasPart::other};
  path.remove_prefix(slash + 1);
  if (first == kOptimizerWeights)
    return optimizer_name(dataset, path.substr(0, path.find('/')), std::string(path));
  const bool whole_model = file.texts.contains(std::string(kModelWeights));
  if (whole_model && first != kModelWeights) return {"", KerasPart::other};
  if (!whole_model) return {std::string(path), KerasPart::weight};
  const std::size_t layer = path.find('/');
  if (layer == Bytes::npos) return {"", KerasPart::other};
  return {std::string(path.substr(layer + 1)), KerasPart::weight};
}

}  // namespace

bool is_legacy_keras(const H5File& file) {
  for (const char* group : {"", "model_weights"}) {
    for (const char* name : {"layer_names", "layer_names0"}) {
      if (file.text(group, name) != nullptr) return true;
    }
  }
  return false;
}

std::vector<KerasName> keras_names(const H5File& file) {
  std::vector<KerasName> names;
  if (is_legacy_keras(file)) {
    for (const H5Dataset& dataset : file.datasets) names.push_back(legacy_name(file, dataset));
    return names;
  }
  const LayerNamer namer(file);
  if (namer.empty()) {
    throw Error(ErrorKind::unsupported, "an HDF5 file without weights of Keras layers",
                "what model.save_weights or model.save leaves",
                "save the weights of your model, built but not trained, with Keras");
  }
  for (const H5Dataset& dataset : file.datasets) names.push_back(namer.name(dataset));
  return names;
}

}  // namespace thaw::internal
