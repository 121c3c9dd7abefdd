#include "match/canonical_name.h"

#include <array>
#include <utility>

#include "names/conventions.h"
#include "names/read_path.h"
#include "names/scopes.h"

namespace thaw::internal {

namespace {

struct Synonym {
  Bytes component, canonical;
};

// The cells of one row hold their gates in one order and add the forget bias while they run. CuDNN's
// compatible cell does not add it: its biases are other numbers, and it is not here.
constexpr std::array kScopes = std::to_array<Synonym>({
    {"basic_lstm_cell", "lstm_cell"},
    {"BasicLSTMCell", "lstm_cell"},
    {"LSTMCell", "lstm_cell"},
    {"lstm_fused_cell", "lstm_cell"},
    {"lstm_block_cell", "lstm_cell"},
    {"GRUCell", "gru_cell"},
    {"BasicRNNCell", "basic_rnn_cell"},
    {"MultiRNNCell", "multi_rnn_cell"},
    {"Gates", "gates"},
    {"Candidate", "candidate"},
    {"RNN", "rnn"},
    {"BatchNorm", "batch_normalization"},
    {"batch_norm", "batch_normalization"},
    {"batch_normalization_v1", "batch_normalization"},
});
// Scopes that older cells put around their matrix and newer ones do not.
constexpr std::array<Bytes, 3> kDropped = {"linear", "Linear", "attention_cell_wrapper_linear"};

std::string canonical_component(Bytes component) {
  Bytes base = component;
  const std::optional<int> number = trailing_number(component, &base);
  for (const Synonym& row : kScopes) {
    if (row.component == component) return std::string(row.canonical);
    if (number && row.component == base)
      return std::string(row.canonical) + std::string(component.substr(base.size()));
  }
  return std::string(component);
}

bool is_dropped(Bytes component) {
  for (const Bytes dropped : kDropped) {
    if (component == dropped) return true;
  }
  return false;
}

std::string canonical_scope(Bytes scope) {
  std::string out;
  while (!scope.empty()) {
    const std::size_t slash = scope.find('/');
    const Bytes component = scope.substr(0, slash);
    scope = slash == Bytes::npos ? Bytes() : scope.substr(slash + 1);
    if (is_dropped(component)) continue;
    out += (out.empty() ? "" : "/") + canonical_component(component);
  }
  return out;
}

// `W1` stays `W1`: at the root the number is all that tells it from `W2`.
bool is_numbered_letter(Bytes component) {
  return !component.empty() && component.back() >= '0' && component.back() <= '9' &&
         component.find('_') == Bytes::npos;
}

}  // namespace

Bytes role_of(Bytes name) {
  const Convention convention = convention_of(name);
  const bool known = convention.hint == NameHint::weight || convention.hint == NameHint::statistic;
  return known ? convention.role : Bytes();
}

std::string canonical_name(Bytes name) {
  constexpr Bytes kAverage = "/ExponentialMovingAverage";
  while (name.size() > kAverage.size() && name.ends_with(kAverage)) name.remove_suffix(kAverage.size());
  const Bytes last = last_component(name);
  const Bytes scope = parent_scope(name);
  const Bytes role = role_of(name);
  Bytes base;
  const bool plain = !trailing_number(last, &base) && !is_numbered_letter(last);
  const bool known = !role.empty() && plain && last != "Variable";
  // Keras 3 calls it kernel, Keras 2 depthwise_kernel.
  const bool alone = role == "depthwise_kernel" && last_component(scope).starts_with("depthwise_conv");
  return add_scope(alone ? "kernel" : known ? role : last, canonical_scope(scope));
}

std::string layer_of(Bytes name) {
  const Bytes scope = parent_scope(name);
  if (!scope.empty()) return canonical_scope(scope);
  std::size_t digits = name.size();
  while (digits > 0 && name[digits - 1] >= '0' && name[digits - 1] <= '9') --digits;
  return digits == 0 || digits == name.size() ? "" : "#" + std::string(name.substr(digits));
}

}  // namespace thaw::internal
