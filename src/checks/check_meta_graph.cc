#include "checks/check_meta_graph.h"

#include <algorithm>

#include "checks/check_saver.h"
#include "checks/check_variables.h"
#include "checks/node_names.h"
#include "match/training_state.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kFewNames = 3;

// Entries that the Saver does not name: slots and steps may have been added to them, anything else not.
void look_at_strays(const std::set<std::string>& keys, const StoredTensors& stored, const std::string& file,
                    Findings& findings) {
  std::vector<Slot> slots;
  for (const auto& [key, kind] : stored.tensors)
    slots.push_back({key, {key}, kind.dtype, kind.shape, {}, {}, {}, false});
  const TrainingStates states(slots);
  std::size_t training = 0;
  std::vector<std::string> odd;
  for (const Slot& slot : slots) {
    if (keys.contains(slot.name)) continue;
    if (states.find(slot).kind != TrainingKind::none) {
      ++training;
    } else {
      odd.push_back(slot.name);
    }
  }
  if (training > 0) findings.describe(std::to_string(training) + " of training that no variable here has");
  if (odd.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < std::min(odd.size(), kFewNames); ++i)
    names += (i == 0 ? "" : ", ") + thaw::quoted(odd[i]);
  if (odd.size() > kFewNames) names += " and " + std::to_string(odd.size() - kFewNames) + " more";
  findings.warn({file}, "the checkpoint has entries that the Saver of this graph does not name: " + names);
}

}  // namespace

void check_meta_graph(const Model& model, const StoredTensors& stored, const StoredSet* values,
                      const std::string& file, Findings& findings) {
  findings.begin("graph");
  findings.count(model.graph->node_count());
  const auto guarded = [&](const auto& check) {
    try {
      check();
    } catch (const Error& error) {
      findings.add(error, {file});
    }
  };
  std::set<std::string> keys;
  guarded([&] { check_node_names(model, file, findings); });
  guarded([&] { check_declarations(model, file, findings); });
  guarded([&] { keys.merge(check_saver(model, stored, file, findings)); });
  guarded([&] {
    keys.merge(check_variables(model, graph_variables(model, values), stored, file, findings));
    if (!model.envelope.saver.empty() && !stored.object_graph) look_at_strays(keys, stored, file, findings);
  });
}

}  // namespace thaw::internal
