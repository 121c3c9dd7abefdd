#include "match/training_state.h"

#include <algorithm>
#include <array>

#include "match/canonical_name.h"
#include "names/conventions.h"
#include "names/read_path.h"
#include "names/scopes.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// A slot is called X/<name> or X/<name>_k; `initials` by k, the last for all that follow. RMSProp begins with
// ones, Adagrad and Ftrl with their initial_accumulator_value.
struct SlotRow {
  Bytes name;
  std::array<double, 2> initials;
};
constexpr std::array kSlots = std::to_array<SlotRow>({
    {"Adam", {0, 0}},
    {"AdamW", {0, 0}},
    {"AdaMax", {0, 0}},
    {"Nadam", {0, 0}},
    {"LazyAdam", {0, 0}},
    {"Momentum", {0, 0}},
    {"RMSProp", {1, 0}},
    {"Adagrad", {0.1, 0.1}},
    {"AdagradDA", {0, 0.1}},
    {"ProximalAdagrad", {0.1, 0.1}},
    {"Adadelta", {0, 0}},
    {"Ftrl", {0.1, 0}},
    {"adam_m", {0, 0}},
    {"adam_v", {0, 0}},
    {"lamb_m", {0, 0}},
    {"lamb_v", {0, 0}},
    {"biased", {0, 0}},
    {"local_step", {0, 0}},
});

struct Named {
  Bytes name;
  double initial;
};
constexpr std::array kPowers = std::to_array<Named>({{"beta1_power", 0.9}, {"beta2_power", 0.999}});
// Below a scope of the optimiser.
constexpr std::array kKerasSlots = std::to_array<Named>({{"m", 0},
                                                         {"v", 0},
                                                         {"vhat", 0},
                                                         {"momentum", 0},
                                                         {"rms", 0},
                                                         {"mg", 0},
                                                         {"accumulator", 0.1},
                                                         {"linear", 0}});
// Keras 3 has one name for the optimiser and one for variable and slot: adam/dense_kernel_momentum.
constexpr std::array kKerasEndings = std::to_array<Named>({{"_momentum", 0},
                                                           {"_velocity", 0},
                                                           {"_velocity_hat", 0},
                                                           {"_accumulator", 0.1},
                                                           {"_linear", 0},
                                                           {"_accumulated_grad", 0},
                                                           {"_accumulated_delta_var", 0},
                                                           {"_average_gradient", 0}});
constexpr std::array<Bytes, 11> kKerasOptimizers = {
    "adam", "adamw", "adamax", "nadam", "sgd", "rmsprop", "adagrad", "adadelta", "ftrl", "lion", "lamb"};
constexpr std::array<Bytes, 4> kSteps = {"global_step", "iterations", "iter", "iteration"};
constexpr std::array<Bytes, 8> kRates = {"learning_rate", "lr",    "decay", "beta_1",
                                         "beta_2",        "beta1", "beta2", "rho"};

const std::array<OptimizerSlots, 7> kOptimizers = {{
    {"adam", {{"Adam", 0}, {"Adam_1", 0}}, {{"beta1_power", 0.9}, {"beta2_power", 0.999}}},
    {"momentum", {{"Momentum", 0}}, {}},
    {"rmsprop", {{"RMSProp", 1}, {"RMSProp_1", 0}}, {}},
    {"adagrad", {{"Adagrad", 0.1}}, {}},
    {"adadelta", {{"Adadelta", 0}, {"Adadelta_1", 0}}, {}},
    {"ftrl", {{"Ftrl", 0.1}, {"Ftrl_1", 0}}, {}},
    {"sgd", {}, {}},
}};

// "adam_1/dense_kernel_momentum", "Adam/dense/kernel/m", "Adam/m/dense/kernel".
bool is_kept_by_keras(Bytes name) {
  const std::size_t slash = name.find('/');
  if (slash == Bytes::npos) return false;
  Bytes base = name.substr(0, slash);
  trailing_number(name.substr(0, slash), &base);
  return std::ranges::count(kKerasOptimizers, base) > 0 || convention_of(name).role == "slot";
}

const Named* find_keras_slot(Bytes name) {
  const Bytes last = last_component(name);
  for (const Named& row : kKerasEndings) {
    if (last.ends_with(row.name)) return &row;
  }
  const Bytes inner = name.substr(name.find('/') + 1);
  for (const Named& row : kKerasSlots) {
    if (last == row.name || inner.substr(0, inner.find('/')) == row.name) return &row;
  }
  return nullptr;
}

bool is_scalar(const Slot& slot) { return !slot.shape.unknown_rank() && slot.shape.rank() == 0; }

template <typename Rows>
const Named* find_named(const Rows& rows, Bytes name) {
  const auto found = std::ranges::find(rows, name, &Named::name);
  return found == rows.end() ? nullptr : &*found;
}

bool is_count(const Slot& slot, Bytes last) {
  if (std::ranges::count(kSteps, last) > 0) return true;
  if (last == "save_counter") return false;  // of tf.train.Checkpoint: it numbers files
  const bool integer = slot.dtype == DType::int32 || slot.dtype == DType::int64;
  return integer && convention_of(slot.name).role == "step";
}

}  // namespace

std::string TrainingState::text() const {
  switch (kind) {
    case TrainingKind::slot:
      return "slot of " + optimizer;
    case TrainingKind::power:
      return "power of a decay";
    case TrainingKind::step:
      return "step";
    case TrainingKind::rate:
      return "number of the optimizer";
    case TrainingKind::average:
      return "moving average";
    case TrainingKind::none:
      return "";
  }
  return "";
}

TrainingStates::TrainingStates(const std::vector<Slot>& slots) {
  for (const Slot& slot : slots) slots_.emplace(slot.name, &slot);
}

std::optional<std::string> TrainingStates::variable_in(Bytes name) const {
  while (!name.empty()) {
    if (slots_.contains(name)) return std::string(name);
    const std::size_t slash = name.find('/');
    if (slash == Bytes::npos) break;
    name.remove_prefix(slash + 1);
  }
  return std::nullopt;
}

// Of an optimiser that was given a name of its own: X/<name>, of X's shape.
bool TrainingStates::is_named_slot(const Slot& slot, const std::string& variable) const {
  const bool beside = variable == parent_scope(slot.name) && role_of(slot.name).empty();
  return beside && !slot.trainable.value_or(false) && slots_.find(variable)->second->shape == slot.shape;
}

TrainingState TrainingStates::find_by_suffix(const Slot& slot) const {
  const Bytes last = last_component(slot.name);
  const std::optional<std::string> variable = variable_in(parent_scope(slot.name));
  if (!variable) return {};
  if (last == "ExponentialMovingAverage") return {TrainingKind::average, "", *variable, std::nullopt};
  Bytes base = last;
  const int number = trailing_number(last, &base).value_or(0);
  auto row = std::ranges::find(kSlots, last, &SlotRow::name);
  const bool whole = row != kSlots.end();
  if (!whole) row = std::ranges::find(kSlots, number > 0 ? base : last, &SlotRow::name);
  if (row != kSlots.end()) {
    const double initial = row->initials[whole || number == 0 ? 0 : 1];
    return {TrainingKind::slot, std::string(row->name), *variable, initial};
  }
  if (is_named_slot(slot, *variable))
    return {TrainingKind::slot, std::string(number > 0 ? base : last), *variable, std::nullopt};
  return {};
}

TrainingState TrainingStates::find_kept_by_keras(const Slot& slot) const {
  if (!is_kept_by_keras(slot.name)) return {};
  const Bytes last = last_component(slot.name);
  if (std::ranges::count(kSteps, last) > 0) return {TrainingKind::step, "", "", 0};
  if (std::ranges::count(kRates, last) > 0) return {TrainingKind::rate, "", "", std::nullopt};
  const Named* row = find_keras_slot(slot.name);
  if (row == nullptr) return {};
  const std::string optimizer(slot.name.substr(0, slot.name.find('/')));
  const std::optional<std::string> variable = variable_in(parent_scope(slot.name));
  return {TrainingKind::slot, optimizer, variable.value_or(""), row->initial};
}

TrainingState TrainingStates::find(const Slot& slot) const {
  const Bytes last = last_component(slot.name);
  if (is_scalar(slot)) {
    Bytes base = last;
    trailing_number(last, &base);
    for (const Bytes name : {last, base}) {
      if (const Named* power = find_named(kPowers, name))
        return {TrainingKind::power, "", "", power->initial};
    }
    if (last.ends_with("_power")) return {TrainingKind::power, "", "", std::nullopt};
  }
  if (const TrainingState state = find_by_suffix(slot); state.kind != TrainingKind::none) return state;
  if (const TrainingState state = find_kept_by_keras(slot); state.kind != TrainingKind::none) return state;
  if (is_scalar(slot) && is_count(slot, last)) return {TrainingKind::step, "", "", 0};
  if (is_scalar(slot) && std::ranges::count(kRates, last) > 0)
    return {TrainingKind::rate, "", "", std::nullopt};
  return {};
}

namespace {

// As people write it who have TensorFlow's classes in mind: `Adam`, `AdamOptimizer`.
std::string plain_name(std::string word) {
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  constexpr std::string_view kEnding = "optimizer";
  if (word.ends_with(kEnding)) word.resize(word.size() - kEnding.size());
  return word;
}

}  // namespace

const OptimizerSlots& find_optimizer(const std::string& word) {
  const std::string name = plain_name(word);
  std::string listed;
  for (const OptimizerSlots& optimizer : kOptimizers) {
    if (optimizer.name == name) return optimizer;
    listed += (listed.empty() ? "" : ", ") + optimizer.name;
  }
  throw Error(ErrorKind::usage, "--optimizer " + thaw::quoted(word), "one of " + listed,
              "for another one: --into a checkpoint of your training, whose names are then taken");
}

}  // namespace thaw::internal
