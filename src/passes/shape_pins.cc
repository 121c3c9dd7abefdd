#include "passes/shape_pins.h"

#include <algorithm>

#include "model/declared_shape.h"
#include "passes/shape_inference.h"
#include "tensor/shape.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// Each trial is a walk over the graph.
constexpr std::size_t kMostTried = 8;

Shape shape_of(const std::optional<std::string>& attr) {
  const AttrView view = attr ? view_attr(*attr) : AttrView{};
  return view.kind == AttrKind::shape ? decode_shape(view.payload) : Shape::of_unknown_rank();
}

// Dimensions that were numbers and are free.
std::vector<std::size_t> freed_dimensions(const Shape& was, const Shape& is) {
  std::vector<std::size_t> freed;
  if (was.unknown_rank() || is.unknown_rank() || was.rank() != is.rank()) return freed;
  for (std::size_t i = 0; i < is.rank(); ++i) {
    if (was.dims()[i] > 0 && is.dims()[i] < 0) freed.push_back(i);
  }
  return freed;
}

class PinSearch {
 public:
  explicit PinSearch(const Draft& draft) : draft_(draft) {
    for (const ShapeClash& clash : infer_shapes(draft.base(), {}).clashes) known_.insert(clash.node);
  }

  void declare(NodeId id, const Shape& shape) { declared_[id] = shape; }

  // Multiples of the old size: whatever halves or groups the dimension divides them too. A clash counts when
  // it comes with both.
  std::optional<ShapeClash> find(NodeId id, std::size_t dimension, Dim was) const {
    const std::vector<ShapeClash> doubled = clashes_with(id, dimension, multiply(was, 2));
    const std::vector<ShapeClash> tripled = clashes_with(id, dimension, multiply(was, 3));
    for (const ShapeClash& clash : doubled) {
      const bool both =
          std::ranges::any_of(tripled, [&](const ShapeClash& other) { return other.node == clash.node; });
      if (both && !known_.contains(clash.node) && !draft_.is_removed(clash.node)) return clash;
    }
    return std::nullopt;
  }

 private:
  std::vector<ShapeClash> clashes_with(NodeId id, std::size_t dimension, Dim size) const {
    DeclaredShapes trial = declared_;
    Dims dims = trial.at(id).dims();
    dims[dimension] = size;
    trial[id] = Shape(std::move(dims));
    return infer_shapes(draft_.base(), trial).clashes;
  }

  const Draft& draft_;
  std::set<NodeId> known_;
  DeclaredShapes declared_;
};

}  // namespace

std::vector<std::string> find_pinned_dimensions(const Draft& draft, const std::set<NodeId>& redeclared) {
  struct Freed {
    NodeId node;
    std::size_t dimension;
    Dim was;
  };
  std::vector<Freed> trials;
  for (const NodeId id : redeclared) {
    const Shape was = declared_shape(draft.base(), id);
    for (const std::size_t i : freed_dimensions(was, shape_of(draft.attr(id, "shape"))))
      trials.push_back({id, i, was.dims()[i]});
  }
  std::vector<std::string> warnings;
  if (trials.empty()) return warnings;
  PinSearch search(draft);
  for (const NodeId id : redeclared) search.declare(id, shape_of(draft.attr(id, "shape")));
  if (trials.size() > kMostTried) trials.resize(kMostTried);
  for (const Freed& freed : trials) {
    const std::optional<ShapeClash> clash = search.find(freed.node, freed.dimension, freed.was);
    if (!clash) continue;
    warnings.push_back(
        "dimension " + std::to_string(freed.dimension) + " of " + thaw::quoted(draft.name(freed.node)) +
        " is declared free, and node " + thaw::quoted(draft.name(clash->node)) + " (" +
        thaw::escaped(draft.op(clash->node)) + ") holds it to " + std::to_string(freed.was) + ": with " +
        std::to_string(2 * freed.was) + " it gets " + clash->got + " (expected " + clash->expected + ")");
  }
  return warnings;
}

}  // namespace thaw::internal
