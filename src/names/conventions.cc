#include "names/conventions.h"

#include <algorithm>
#include <array>

#include "names/read_path.h"
#include "names/scopes.h"

namespace thaw::internal {

namespace {

using enum NameHint;

enum class Match : std::uint8_t {
  whole,
  prefix,
  suffix,
  numbered,  // digits follow, as in W1
  vector,    // whole, of values with at most one dimension above 1
};
using enum Match;

struct Row {
  Bytes component;
  Match match;
  NameHint hint;
  Bytes role;
};

// What is not trained comes first: the stricter reading wins.
// clang-format off
constexpr std::array kComponentRows = std::to_array<Row>({
    // Slots of optimisers are named after these, below their variable (tensorflow/python/training).
    {"Adam", whole, state, "slot"},
    {"AdamW", whole, state, "slot"},
    {"AdaMax", whole, state, "slot"},
    {"Adamax", whole, state, "slot"},
    {"Nadam", whole, state, "slot"},
    {"LazyAdam", whole, state, "slot"},
    {"Momentum", whole, state, "slot"},
    {"RMSProp", prefix, state, "slot"},
    {"RMSprop", prefix, state, "slot"},
    {"Adagrad", prefix, state, "slot"},
    {"Adadelta", whole, state, "slot"},
    {"Ftrl", prefix, state, "slot"},
    {"ProximalAdagrad", whole, state, "slot"},
    {"adam_m", whole, state, "slot"},
    {"adam_v", whole, state, "slot"},
    {"lamb_m", whole, state, "slot"},
    {"lamb_v", whole, state, "slot"},
    {"ExponentialMovingAverage", whole, state, "average"},
    {"biased", whole, state, "average"},
    {"local_step", whole, state, "step"},
    {"global_step", whole, state, "step"},
    {"_step", suffix, state, "step"},
    {"iterations", whole, state, "step"},
    {"save_counter", whole, state, "step"},
    {"num_batches_tracked", whole, state, "step"},
    {"learning_rate", whole, state, "rate"},
    {"_power", suffix, state, "power"},
    {"previous_state", prefix, state, "initial_state"},
    {"initial_state", prefix, state, "initial_state"},
    // Spectral normalisation keeps a vector that is iterated, not trained.
    {"u", vector, state, "spectral"},
    {"sn_u", whole, state, "spectral"},
    {"u_var", whole, state, "spectral"},
    {"vector_u", whole, state, "spectral"},

    {"moving_mean", whole, statistic, "mean"},
    {"moving_variance", whole, statistic, "variance"},
    {"moving_var", whole, statistic, "variance"},
    {"moving_avg", whole, statistic, "mean"},
    {"moving_average", whole, statistic, "mean"},
    {"pop_mean", whole, statistic, "mean"},
    {"pop_var", whole, statistic, "variance"},
    {"pop_variance", whole, statistic, "variance"},
    {"running_mean", whole, statistic, "mean"},
    {"running_var", prefix, statistic, "variance"},
    {"running_", prefix, statistic, "statistic"},

    {"kernel", whole, weight, "kernel"},
    {"weights", whole, weight, "kernel"},
    {"weight", whole, weight, "kernel"},
    {"W", whole, weight, "kernel"},
    {"w", whole, weight, "kernel"},
    {"filter", whole, weight, "kernel"},
    {"filters", whole, weight, "kernel"},
    {"matrix", whole, weight, "kernel"},
    {"Matrix", whole, weight, "kernel"},
    {"recurrent_kernel", whole, weight, "recurrent_kernel"},
    {"depthwise_kernel", whole, weight, "depthwise_kernel"},
    {"depthwise_weights", whole, weight, "depthwise_kernel"},
    {"pointwise_kernel", whole, weight, "pointwise_kernel"},
    {"pointwise_weights", whole, weight, "pointwise_kernel"},
    {"bias", whole, weight, "bias"},
    {"biases", whole, weight, "bias"},
    {"b", whole, weight, "bias"},
    {"Bias", whole, weight, "bias"},
    {"gamma", whole, weight, "gamma"},
    {"scale", whole, weight, "gamma"},
    {"beta", whole, weight, "beta"},
    {"offset", whole, weight, "beta"},
    {"embeddings", whole, weight, "table"},
    {"embedding", whole, weight, "table"},
    {"embedding_matrix", whole, weight, "table"},
    {"embedding_weights", whole, weight, "table"},
    {"embedding_table", whole, weight, "table"},
    {"_embeddings", suffix, weight, "table"},
    {"alpha", whole, weight, "alpha"},
    {"alphas", whole, weight, "alpha"},
    {"prelu", whole, weight, "alpha"},
    {"w_i_diag", whole, weight, "peephole"},
    {"w_f_diag", whole, weight, "peephole"},
    {"w_o_diag", whole, weight, "peephole"},
    {"idt", whole, weight, "timestep"},
    {"Variable", whole, weight, ""},
    {"W", numbered, weight, "kernel"},
    {"w", numbered, weight, "kernel"},
    {"f", numbered, weight, "kernel"},
    {"h", numbered, weight, "kernel"},
    {"b", numbered, weight, "bias"},
});
// clang-format on

// Scopes in which Keras keeps the variables of its optimisers: `Adam/dense/kernel/m`, `training/SGD/iter`.
constexpr std::array<Bytes, 9> kOptimizerScopes = {"Adam",    "AdamW", "Adamax",  "Nadam",   "SGD",
                                                   "RMSprop", "Ftrl",  "Adagrad", "Adadelta"};

Bytes without_part(Bytes name) {
  Bytes base;
  const bool is_part =
      trailing_number(last_component(name), &base) && base == "part" && !parent_scope(name).empty();
  return is_part ? parent_scope(name) : name;
}

bool is_vector(std::span<const std::int64_t> shape) {
  return !shape.empty() && std::ranges::count_if(shape, [](std::int64_t size) { return size != 1; }) <= 1;
}

bool is_numbered(Bytes component, Bytes letter) {
  return component.size() > letter.size() && component.starts_with(letter) &&
         component.find_first_not_of("0123456789", letter.size()) == Bytes::npos;
}

bool fits(const Row& row, Bytes component, std::span<const std::int64_t> shape) {
  switch (row.match) {
    case whole:
      return component == row.component;
    case prefix:
      return component.starts_with(row.component);
    case suffix:
      return component.ends_with(row.component);
    case numbered:
      return is_numbered(component, row.component);
    case vector:
      return component == row.component && is_vector(shape);
  }
  return false;
}

const Row* find_row(Bytes component, std::span<const std::int64_t> shape) {
  const auto found =
      std::ranges::find_if(kComponentRows, [&](const Row& row) { return fits(row, component, shape); });
  return found == kComponentRows.end() ? nullptr : &*found;
}

// `act_quant/min` and `weights_quant/max` (tensorflow/contrib/quantize).
bool is_quantisation_range(Bytes name) {
  const Bytes last = last_component(name);
  return (last == "min" || last == "max") && last_component(parent_scope(name)).ends_with("_quant");
}

bool is_kept_by_optimizer(Bytes name) {
  for (Bytes scope = parent_scope(name); !scope.empty(); scope = parent_scope(scope)) {
    if (std::ranges::count(kOptimizerScopes, last_component(scope)) > 0) return true;
  }
  return false;
}

}  // namespace

Convention convention_of(Bytes variable_name, std::span<const std::int64_t> shape) {
  const Bytes name = without_part(variable_name);
  if (is_quantisation_range(name)) return {state, "range"};
  if (is_kept_by_optimizer(name)) return {state, "slot"};
  const Bytes component = last_component(name);
  const Row* row = find_row(component, shape);
  Bytes base;
  if (row == nullptr && trailing_number(component, &base)) row = find_row(base, shape);
  return row == nullptr ? Convention{} : Convention{row->hint, row->role};
}

NameHint hint_of(Bytes variable_name, std::span<const std::int64_t> shape) {
  return convention_of(variable_name, shape).hint;
}

}  // namespace thaw::internal
