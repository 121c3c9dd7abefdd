#include "names/recover_name.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

#include "names/layer_weights.h"
#include "names/read_path.h"
#include "names/scopes.h"

namespace thaw::internal {

namespace {

std::string join(const std::vector<std::string>& components) {
  std::string path;
  for (const std::string& component : components)
    path = path.empty() ? component : add_scope(component, path);
  return path;
}

// What Keras calls models that nobody named, without their numbers.
bool is_default_model_name(Bytes component, KerasFlavour flavour) {
  Bytes base = component;
  trailing_number(component, &base);
  if (base == "model" || base == "functional") return true;
  // A Sequential's name is part of its variables' names in Keras 3.
  return base == "sequential" && flavour == KerasFlavour::keras2;
}

// "lstm_cell" or "gru_cell" by the shape of the recurrent kernel, [units, gates * units].
Bytes cell_of(const LayerWeight& recurrent) {
  const std::vector<std::int64_t>& shape = recurrent.facts->shape;
  if (shape.size() != 2 || shape[0] <= 0 || shape[1] % shape[0] != 0) return {};
  const std::int64_t gates = shape[1] / shape[0];
  return gates == 4 ? "lstm_cell" : gates == 3 ? "gru_cell" : Bytes();
}

// From layers as the graph has them to layers as the variables' names have them.
class LayerNamer {
 public:
  LayerNamer(const std::vector<LayerWeight>& weights, KerasFlavour flavour) : flavour_(flavour) {
    outer_ = shared_outer_scope(weights);
    for (const LayerWeight& weight : weights) {
      if (weight.fused_cell && weight.role == "recurrent_kernel")
        cells_[layer_scope(weight)] = cell_of(weight);
    }
  }

  std::string name(const LayerWeight& weight) const {
    std::vector<std::string> layer(
        weight.path.components.begin(),
        weight.path.components.begin() + static_cast<std::ptrdiff_t>(weight.layer_size));
    if (flavour_ == KerasFlavour::keras3) {
      for (std::string& component : layer) component = std::string(without_number(component));
    }
    drop_models(layer, weight.path.components.front());
    if (flavour_ == KerasFlavour::keras2) drop_wrapped_layer(layer);
    const auto cell = cells_.find(layer_scope(weight));
    if (cell != cells_.end() && !cell->second.empty()) layer.emplace_back(cell->second);
    return join(layer);
  }

 private:
  // The first component, when it is that of every layer and of no weight's last scope.
  std::string shared_outer_scope(const std::vector<LayerWeight>& weights) const {
    if (flavour_ == KerasFlavour::unknown || weights.empty()) return {};
    const std::string& outer = weights.front().path.components.front();
    const bool shared = std::ranges::all_of(weights, [&](const LayerWeight& weight) {
      return weight.layer_size > 1 && weight.path.components.front() == outer;
    });
    const bool counts =
        flavour_ == KerasFlavour::keras3 && without_number(without_number(outer)) == "sequential";
    return shared && !counts ? outer : std::string();
  }

  void drop_models(std::vector<std::string>& layer, const std::string& outer) const {
    if (layer.size() > 1 && outer == outer_) layer.erase(layer.begin());
    while (layer.size() > 1 && is_default_model_name(layer.front(), flavour_)) layer.erase(layer.begin());
  }

  // TimeDistributed owns the weights of the layer that it wraps.
  static void drop_wrapped_layer(std::vector<std::string>& layer) {
    if (layer.size() > 1 && without_number(layer[layer.size() - 2]) == "time_distributed") layer.pop_back();
  }

  KerasFlavour flavour_;
  std::string outer_;
  std::map<std::string, Bytes> cells_;
};

// Below the layer: its role, or the path of its read.
std::string below_layer(const LayerWeight& weight) {
  if (!weight.role.empty()) return std::string(weight.role);
  std::vector<std::string> rest(
      weight.path.components.begin() + static_cast<std::ptrdiff_t>(weight.layer_size),
      weight.path.components.end());
  rest.push_back(weight.path.index == 0 ? "weight" : "weight_" + std::to_string(weight.path.index));
  return join(rest);
}

const char* rule_of(const LayerWeight& weight) {
  if (weight.role.empty()) return "M5";
  if (weight.path.is_lookup) return "M4";
  return weight.path.in_own_name ? "M2" : "M3";
}

// What a constant could be called, best first; its own name stands behind the last.
struct Candidates {
  const ConstantFacts* facts = nullptr;
  std::string layer;  // constants of one layer are named in one manner
  std::vector<RecoveredName> names;
};

const std::string& name_at(const Candidates& candidates, std::size_t level) {
  return level < candidates.names.size() ? candidates.names[level].name : candidates.facts->constant;
}

// Which of its names each layer uses; beyond the last: the constants' own.
using Levels = std::map<std::string, std::size_t>;

std::set<std::string> clashing_layers(const std::vector<Candidates>& all, const Levels& levels,
                                      const std::function<bool(Bytes)>& taken) {
  std::map<Bytes, int> holders;
  for (const Candidates& one : all) ++holders[name_at(one, levels.at(one.layer))];
  std::set<std::string> clashing;
  for (const Candidates& one : all) {
    const std::string& name = name_at(one, levels.at(one.layer));
    if (name == one.facts->constant) continue;
    if (holders.at(name) > 1 || !valid_node_name(name) || (taken && taken(name))) clashing.insert(one.layer);
  }
  return clashing;
}

// The first names by which all differ. Nodes' own names differ, so that there is always an end.
Levels choose_levels(const std::vector<Candidates>& all, const std::function<bool(Bytes)>& taken) {
  constexpr int kPatience = 16;
  Levels levels;
  for (const Candidates& one : all) levels[one.layer] = 0;
  for (int round = 0; round < kPatience; ++round) {
    const std::set<std::string> clashing = clashing_layers(all, levels, taken);
    if (clashing.empty()) return levels;
    for (const std::string& layer : clashing) ++levels[layer];
  }
  for (auto& [layer, level] : levels) level = SIZE_MAX;
  return levels;
}

std::vector<Candidates> name_weights(std::vector<LayerWeight>& weights) {
  const KerasFlavour flavour = recognise_layers(weights);
  const LayerNamer namer(weights, flavour);
  std::vector<Candidates> all;
  for (const LayerWeight& weight : weights) {
    const std::string below = below_layer(weight);
    const std::string layer = layer_scope(weight);
    all.push_back(
        {weight.facts,
         "layer " + layer,
         {{add_scope(below, namer.name(weight)), rule_of(weight)}, {add_scope(below, layer), "M6"}}});
  }
  return all;
}

std::vector<Candidates> all_candidates(const std::vector<ConstantFacts>& constants) {
  std::vector<LayerWeight> weights;
  std::vector<Candidates> others;
  for (const ConstantFacts& facts : constants) {
    if (const std::optional<Bytes> variable = folded_variable(facts.constant)) {
      others.push_back({&facts, "constant " + facts.constant, {{std::string(*variable), "M1"}}});
    } else if (std::optional<ReadPath> path = find_read_path(facts)) {
      weights.push_back({&facts, std::move(*path), 0, {}, false});
    } else {
      others.push_back({&facts, "constant " + facts.constant, {}});
    }
  }
  std::vector<Candidates> all = name_weights(weights);
  std::ranges::move(others, std::back_inserter(all));
  return all;
}

}  // namespace

std::vector<std::optional<RecoveredName>> recover_names(const std::vector<ConstantFacts>& constants,
                                                        const std::function<bool(Bytes)>& taken) {
  const std::vector<Candidates> all = all_candidates(constants);
  const std::map<std::string, std::size_t> levels = choose_levels(all, taken);
  std::vector<std::optional<RecoveredName>> result(constants.size());
  for (const Candidates& one : all) {
    const std::size_t level = levels.at(one.layer);
    if (level >= one.names.size() || one.names[level].name == one.facts->constant) continue;
    result[static_cast<std::size_t>(one.facts - constants.data())] = one.names[level];
  }
  return result;
}

}  // namespace thaw::internal
