// Training state: what optimisers and averages keep beside the weights in a checkpoint
// (tensorflow/python/training/*.py, keras/optimizers).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "match/slots.h"

namespace thaw::internal {

enum class TrainingKind : std::uint8_t { none, slot, power, step, rate, average };

struct TrainingState {
  TrainingKind kind = TrainingKind::none;
  std::string optimizer;          // "Adam", of slots
  std::string variable;           // whose slot or average it is; empty when the name hides it
  std::optional<double> initial;  // what a new optimiser begins with; nothing when that is not known
  std::string text() const;       // "slot of Adam"
};

class TrainingStates {
 public:
  // `slots` must outlive this.
  explicit TrainingStates(const std::vector<Slot>& slots);

  TrainingState find(const Slot& slot) const;

 private:
  // The variable of the target that `name` is, perhaps below scopes of its own.
  std::optional<std::string> variable_in(Bytes name) const;
  TrainingState find_by_suffix(const Slot& slot) const;
  bool is_named_slot(const Slot& slot, const std::string& variable) const;
  TrainingState find_kept_by_keras(const Slot& slot) const;

  std::map<std::string, const Slot*, std::less<>> slots_;  // by name
};

// What an optimiser of this name ("adam", "momentum") adds to a checkpoint: for each trainable X the entries
// X/<suffix>, and scalars. Throws usage for a name that is not known, listing those that are.
struct OptimizerSlots {
  struct Entry {
    std::string name;
    double initial;
  };
  std::string name;
  std::vector<Entry> per_variable;  // "Adam", "Adam_1"
  std::vector<Entry> scalars;       // "beta1_power"
};
const OptimizerSlots& find_optimizer(const std::string& word);

}  // namespace thaw::internal
