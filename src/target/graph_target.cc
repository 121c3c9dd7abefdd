#include "target/graph_target.h"

#include <algorithm>
#include <map>

#include "checkpoint/joined_value.h"
#include "checkpoint/slice_place.h"
#include "model/declared_shape.h"
#include "model/variable_defs.h"
#include "ops/variable_op.h"
#include "subject/saver_keys.h"
#include "target/initial_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// Other variables draw other numbers from one seed.
std::optional<std::uint64_t> own_seed(std::optional<std::uint64_t> seed, Bytes name) {
  return seed ? std::optional(*seed ^ hash_of(name)) : std::nullopt;
}

class SlotReader {
 public:
  SlotReader(const Model& model, std::optional<std::uint64_t> seed)
      : graph_(*model.graph), seed_(seed), keys_(saver_keys(graph_)), defs_(variable_defs(model.envelope)) {}

  std::vector<Slot> run() {
    for (const VariableDef& def : defs_) {
      const NodeId id = graph_.find(def.node);
      if (id != kNoNode && is_variable_op(graph_.op(id))) add(id, def, def.trainable);
    }
    if (slots_.empty()) add_undeclared();
    for (auto& [slot, parts] : parts_) join(slots_[slot], parts);
    return std::move(slots_);
  }

 private:
  // A GraphDef has no collections: all its variables, those that nothing saves or initialises too.
  void add_undeclared() {
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (is_variable_op(graph_.op(id)))
        add(id, VariableDef{std::string(graph_.name(id)), "", false, "", {}}, {});
    }
  }

  void add(NodeId id, const VariableDef& def, std::optional<bool> trainable) {
    const DType dtype = graph_.type_attr(id, "dtype").value_or(DType::invalid);
    const Shape shape = declared_shape(graph_, id);
    const NodeId assign = find_initializer(graph_, id, def.initializer);
    InitialValue initial;
    if (assign != kNoNode)
      initial = initial_value(graph_, assign, dtype, shape, own_seed(seed_, graph_.name(id)));
    if (def.slice) return add_part(def, dtype, std::move(initial));
    const auto saved = keys_.find(id);
    slots_.push_back({def.node, saved == keys_.end() ? std::vector{def.node} : saved->second, dtype, shape,
                      trainable, std::nullopt, std::move(initial.value), initial.random});
  }

  void add_part(const VariableDef& def, DType dtype, InitialValue initial) {
    auto slot = std::ranges::find(slots_, def.whole, &Slot::name);
    if (slot == slots_.end()) {
      slots_.push_back({def.whole, {def.whole}, dtype, def.slice->full_shape, def.trainable, {}, {}, false});
      slot = std::prev(slots_.end());
    }
    slot->random = slot->random || initial.random;
    auto& parts = parts_[static_cast<std::size_t>(slot - slots_.begin())];
    if (initial.value) parts.push_back({def.slice->extents, std::move(*initial.value)});
  }

  static void join(Slot& slot, std::vector<TensorPart>& parts) {
    std::vector<Slice> slices;
    for (const TensorPart& part : parts) slices.push_back(part.slice);
    if (slices.empty() || tiling_fault(slot.shape, slices)) return;
    slot.initial = join_parts(slot.dtype, slot.shape, std::move(parts));
  }

  const Graph& graph_;
  std::optional<std::uint64_t> seed_;
  std::map<NodeId, std::vector<std::string>> keys_;
  std::vector<VariableDef> defs_;
  std::vector<Slot> slots_;
  std::map<std::size_t, std::vector<TensorPart>> parts_;  // by slot
};

}  // namespace

std::vector<Slot> graph_slots(const Model& model, std::optional<std::uint64_t> seed) {
  std::vector<Slot> slots = SlotReader(model, seed).run();
  if (slots.empty()) {
    throw Error(ErrorKind::unsupported, "holds no variables to be filled",
                "the graph of your training code, or its checkpoint",
                "a frozen graph has none: save a checkpoint or a .meta with tf.train.Saver");
  }
  return slots;
}

}  // namespace thaw::internal
