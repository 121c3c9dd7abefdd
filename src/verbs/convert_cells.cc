#include "verbs/convert_cells.h"

#include <algorithm>

#include "checkpoint/joined_value.h"
#include "names/scopes.h"
#include "tensor/raised_value.h"
#include "tensor/sliced_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// A part of a joined matrix or bias that becomes one gate of Keras'.
struct Gate {
  std::size_t from = kNoWeight;  // the weight
  std::int64_t column = 0;       // of the gate's first unit there
  double raise = 0;
};

std::vector<ShapedName> shaped_names(const std::vector<Slot>& slots) {
  std::vector<ShapedName> names;
  for (const Slot& slot : slots) names.push_back({slot.name, slot.shape});
  return names;
}

std::string rows_text(std::int64_t first, std::int64_t count, const Shape& shape) {
  return "rows " + std::to_string(first) + " to " + std::to_string(first + count - 1) + " of " +
         shape.to_string();
}

std::string number_text(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

// What takes the place of a cell's weights.
struct ConvertedCell {
  std::vector<std::size_t> old;  // sorted
  std::vector<Weight> weights;
  std::vector<Value> values;
};

// One cell of the model, taken apart.
class CellConverter {
 public:
  CellConverter(const ModelWeights& model, const ModelCell& cell) : model_(model), cell_(cell) {}

  ConvertedCell run() {
    const NamedCell& named = cell_.named;
    const std::int64_t inputs = named.inputs, units = named.units;
    make(named.kernel, "kernel", gates(named.kernel, named.candidate_kernel, false), 0, inputs);
    make(named.kernel, "recurrent_kernel", gates(named.kernel, named.candidate_kernel, false), inputs, units);
    make(named.bias, "bias", gates(named.bias, named.candidate_bias, true), 0, 0);
    made_.old = named.members();
    std::ranges::sort(made_.old);
    return std::move(made_);
  }

 private:
  // In Keras' order.
  std::vector<Gate> gates(std::size_t from, std::size_t candidate, bool is_bias) const {
    const std::int64_t units = cell_.named.units;
    if (cell_.named.kind == CellKind::gru) return {{from, units, 0}, {from, 0, 0}, {candidate, 0, 0}};
    return {{from, 0, 0},
            {from, 2 * units, is_bias ? cell_.facts.forget : 0},
            {from, units, 0},
            {from, 3 * units, 0}};
  }

  // `rows` 0: of a vector.
  void make(std::size_t base, const std::string& role, const std::vector<Gate>& gates, std::int64_t row,
            std::int64_t rows) {
    const std::int64_t units = cell_.named.units;
    const auto columns = static_cast<std::int64_t>(gates.size()) * units;
    const Shape shape = rows == 0 ? Shape({columns}) : Shape({rows, columns});
    std::vector<TensorPart> parts;
    for (std::size_t i = 0; i < gates.size(); ++i) {
      const SliceExtent place{static_cast<std::int64_t>(i) * units, units};
      const Value& whole = model_.values[gates[i].from];
      Value part = rows == 0 ? sliced_value(whole, {gates[i].column}, Shape({units}))
                             : sliced_value(whole, {row, gates[i].column}, Shape({rows, units}));
      if (gates[i].raise != 0) part = raised_value(std::move(part), gates[i].raise);
      parts.push_back({rows == 0 ? Slice{place} : Slice{{0, rows}, place}, std::move(part)});
    }
    Weight weight = model_.weights[base];
    weight.name = cell_.named.scope + "/" + role;
    weight.shape = shape;
    weight.layout = change(base, row, rows);
    weight.layout.cell = scope_in_model();
    for (const Gate& gate : gates) {
      if (gate.from != base) weight.joined = {model_.weights[gate.from].own_name};
      weight.derived = weight.derived || model_.weights[gate.from].derived;
    }
    weight.cell = CellLayout::split;
    made_.values.push_back(join_parts(weight.dtype, shape, std::move(parts)));
    made_.weights.push_back(std::move(weight));
  }

  // Without "/kernel", or "/gates/kernel".
  std::string scope_in_model() const {
    const Bytes scope = parent_scope(model_.weights[cell_.named.kernel].own_name);
    return std::string(cell_.named.kind == CellKind::gru ? parent_scope(scope) : scope);
  }

  LayoutChange change(std::size_t base, std::int64_t row, std::int64_t rows) const {
    const std::string part = rows == 0 ? "" : rows_text(row, rows, model_.weights[base].shape) + ", ";
    if (cell_.named.kind == CellKind::gru) return {"T2", part + "gates r, u and the candidate c as u, r, c"};
    std::string what = part + "gates i, j, f, o as i, f, j, o";
    if (rows == 0 && cell_.facts.forget != 0)
      what += ", " + number_text(cell_.facts.forget) + " added to f, as the model does while it runs";
    return {"T1", what};
  }

  const ModelWeights& model_;
  const ModelCell& cell_;
  ConvertedCell made_;
};

void replace(ModelWeights& model, const std::vector<ConvertedCell>& cells) {
  ModelWeights left;
  left.unfrozen = std::move(model.unfrozen);
  for (std::size_t i = 0; i < model.weights.size(); ++i) {
    const auto cell = std::ranges::find_if(
        cells, [&](const ConvertedCell& one) { return std::ranges::binary_search(one.old, i); });
    if (cell == cells.end()) {
      left.weights.push_back(std::move(model.weights[i]));
      left.values.push_back(std::move(model.values[i]));
    } else if (cell->old.front() == i) {
      left.weights.insert(left.weights.end(), cell->weights.begin(), cell->weights.end());
      left.values.insert(left.values.end(), cell->values.begin(), cell->values.end());
    }
  }
  model = std::move(left);
}

bool same_kind(const NamedCell& a, const NamedCell& b) {
  return a.kind == b.kind && a.inputs == b.inputs && a.units == b.units;
}

// The target's cell of this size, when it has it in the other layout only.
const NamedCell* other_layout(const std::vector<NamedCell>& targets, const NamedCell& cell) {
  const NamedCell* other = nullptr;
  for (const NamedCell& target : targets) {
    if (!same_kind(target, cell)) continue;
    if (target.layout == cell.layout) return nullptr;
    other = &target;
  }
  return other;
}

// What keeps the two from computing the same, or from being known to.
std::string obstacle(const ModelCell& from, const NamedCell& to, DType dtype) {
  if (from.named.layout == CellLayout::split) return "only TensorFlow 1's are turned into Keras'";
  if (!from.facts.doubt.empty()) return from.facts.doubt;
  if (to.bias == kNoWeight) return "the target's has no bias";
  if (to.reset_after) return "the target's GRU resets after its product (reset_after=True)";
  if (dtype != DType::float32 && dtype != DType::float64) return "of " + std::string(name_of(dtype));
  return "";
}

}  // namespace

std::vector<std::string> convert_cells(ModelWeights& model, std::vector<Slot>& slots) {
  const std::vector<NamedCell> targets = find_named_cells(shaped_names(slots));
  for (const NamedCell& target : targets) {
    for (const std::size_t i : target.members()) slots[i].cell = target.layout;
  }
  for (const ModelCell& cell : model.cells) {
    for (const std::size_t i : cell.named.members()) model.weights[i].cell = cell.named.layout;
  }
  std::vector<std::string> sentences;
  std::vector<ConvertedCell> converted;
  for (const ModelCell& cell : model.cells) {
    const NamedCell* target = other_layout(targets, cell.named);
    if (target == nullptr) continue;
    const std::string why = obstacle(cell, *target, model.weights[cell.named.kernel].dtype);
    if (why.empty()) {
      converted.push_back(CellConverter(model, cell).run());
    } else {
      sentences.push_back(thaw::quoted(cell.named.scope) + " and the target's " +
                          thaw::quoted(target->scope) +
                          " lay out their gates differently, and are not converted: " + why);
    }
  }
  replace(model, converted);
  return sentences;
}

}  // namespace thaw::internal
