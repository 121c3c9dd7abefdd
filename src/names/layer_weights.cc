#include "names/layer_weights.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace thaw::internal {

namespace {

using enum KerasFlavour;

struct Sibling {
  const ConstantFacts* facts;
  Bytes role;
};
// The weights of the layers as the round before saw them, by scope.
using Siblings = std::multimap<std::string, Sibling>;

std::string joined(const std::vector<std::string>& components, std::size_t count) {
  std::string path;
  for (std::size_t i = 0; i < count; ++i) path.append(i > 0 ? "/" : "").append(components[i]);
  return path;
}

Siblings by_scope(std::span<const LayerWeight> weights) {
  Siblings siblings;
  for (const LayerWeight& weight : weights) {
    if (!weight.role.empty()) siblings.emplace(layer_scope(weight), Sibling{weight.facts, weight.role});
  }
  return siblings;
}

// "depthwise_kernel" is a "kernel".
bool is_kind_of(Bytes role, Bytes kind) {
  return role.ends_with(kind) && (role.size() == kind.size() || role[role.size() - kind.size() - 1] == '_');
}

bool has_sibling(const Siblings& siblings, const std::string& scope, const ConstantFacts* self, Bytes role) {
  const auto [first, last] = siblings.equal_range(scope);
  return std::any_of(first, last, [&](const auto& entry) {
    return entry.second.facts != self && is_kind_of(entry.second.role, role);
  });
}

bool fits_layer(const WeightRow& row, const LayerWeight& weight, std::size_t layer_size,
                const Siblings& siblings) {
  const std::vector<std::string>& path = weight.path.components;
  if (!row.word.empty() && path[layer_size - 1].find(row.word) == std::string::npos) return false;
  return row.beside.empty() || has_sibling(siblings, joined(path, layer_size), weight.facts, row.beside);
}

const WeightRow* find_row(LayerWeight& weight, const Siblings& siblings, KerasFlavour flavour) {
  const std::size_t size = weight.path.components.size();
  for (const WeightRow& row : weight_rows()) {
    if (row.only != unknown && row.only != flavour) continue;
    const std::optional<std::size_t> tail = fitting_tail(row, weight.path.components);
    if (!tail || !fits_value(row, *weight.facts)) continue;
    // Code without layers: the operation is all the scope there is.
    const std::size_t layer_size = *tail == size ? size : size - *tail;
    if (!fits_layer(row, weight, layer_size, siblings)) continue;
    weight.layer_size = layer_size;
    weight.role = row.role;
    weight.fused_cell = row.fused_cell;
    return &row;
  }
  weight.role = {};
  weight.layer_size = size;
  weight.fused_cell = false;
  return nullptr;
}

bool is_numbered_throughout(const LayerWeight& weight) {
  const auto first = weight.path.components.begin();
  return std::all_of(first, first + static_cast<std::ptrdiff_t>(weight.layer_size),
                     [](const std::string& component) { return trailing_number(component).has_value(); });
}

// Keras 3 calls a model that nobody named after its class, Functional; tf_keras calls it "model".
bool is_in_functional(const LayerWeight& weight) {
  // "functional_1", of the second such model "functional_1_1".
  const Bytes outer = without_number(without_number(weight.path.components.front()));
  return weight.layer_size > 1 && outer == "functional";
}

// Keras 3 for certain: it reads in ways that are only its own, and every scope of every layer has its extra
// number.
KerasFlavour told_by(std::span<const LayerWeight> weights, std::size_t keras2_marks,
                     std::size_t keras3_marks) {
  const bool numbered = std::ranges::all_of(weights, [](const LayerWeight& weight) {
    return weight.role.empty() || is_numbered_throughout(weight);
  });
  if (numbered && keras3_marks > 0 && keras3_marks >= 2 * keras2_marks) return keras3;
  if (numbered && keras2_marks == 0 && std::ranges::all_of(weights, is_in_functional)) return keras3;
  return keras2_marks > keras3_marks ? keras2 : unknown;
}

KerasFlavour look_once(std::span<LayerWeight> weights, KerasFlavour flavour) {
  const Siblings siblings = by_scope(weights);
  std::size_t keras2_marks = 0, keras3_marks = 0;
  for (LayerWeight& weight : weights) {
    const WeightRow* row = find_row(weight, siblings, flavour);
    if (row != nullptr && row->mark == keras2) ++keras2_marks;
    if (row != nullptr && row->mark == keras3) ++keras3_marks;
  }
  return told_by(weights, keras2_marks, keras3_marks);
}

void withdraw_shared_roles(std::span<LayerWeight> weights) {
  std::map<std::string, std::vector<LayerWeight*>> owners;
  for (LayerWeight& weight : weights) {
    if (!weight.role.empty()) owners[layer_scope(weight) + "/" + std::string(weight.role)].push_back(&weight);
  }
  for (const auto& [name, sharing] : owners) {
    if (sharing.size() == 1) continue;
    for (LayerWeight* weight : sharing) weight->role = {};
  }
}

void place_the_rest(std::span<LayerWeight> weights) {
  std::set<std::string> layers;
  for (const LayerWeight& weight : weights) {
    if (!weight.role.empty()) layers.insert(layer_scope(weight));
  }
  for (LayerWeight& weight : weights) {
    if (!weight.role.empty()) continue;
    const std::size_t whole = weight.path.components.size();
    weight.layer_size = whole;
    while (weight.layer_size > 0 && !layers.contains(layer_scope(weight))) --weight.layer_size;
    if (weight.layer_size == 0) weight.layer_size = whole;
  }
}

}  // namespace

std::string layer_scope(const LayerWeight& weight) {
  return joined(weight.path.components, weight.layer_size);
}

KerasFlavour recognise_layers(std::span<LayerWeight> weights) {
  // Rows look at the roles of a weight's neighbours, which settle one after the other: "kernel", then
  // "recurrent_kernel", then "bias"; the last round has the flavour.
  constexpr int kRounds = 4;
  KerasFlavour flavour = unknown;
  for (int round = 0; round < kRounds; ++round) flavour = look_once(weights, flavour);
  withdraw_shared_roles(weights);
  place_the_rest(weights);
  return flavour;
}

}  // namespace thaw::internal
