// ShapeQuery: one node whose outputs' shapes are asked for: what is known of its inputs, its attributes, and
// room for the answer.
#pragma once

#include <string>
#include <vector>

#include "model/graph.h"
#include "passes/shape_algebra.h"

namespace thaw::internal {

// Ports behind the last fact are like it when `repeats` is set, else unknown: nodes with a million outputs
// cost nothing.
struct OutputFacts {
  std::vector<TensorFact> ports;
  bool repeats = false;

  const TensorFact& at(std::uint32_t port) const;
};

// Borrows the graph and the facts.
class ShapeQuery {
 public:
  // `declared`: the shape that a placeholder is to have in place of its own, or nullptr.
  ShapeQuery(const Graph& graph, NodeId node, std::vector<const TensorFact*> inputs, const Shape* declared)
      : graph_(graph), node_(node), inputs_(std::move(inputs)), declared_(declared) {}

  const Graph& graph() const { return graph_; }
  NodeId node() const { return node_; }
  Bytes op() const { return graph_.op(node_); }

  std::size_t input_count() const { return inputs_.size(); }
  // Nothing known for a slot that the node does not have.
  const TensorFact& input(std::size_t slot) const;
  const Shape& shape(std::size_t slot) const { return input(slot).shape; }
  const Numbers* numbers(std::size_t slot) const;
  Number number(std::size_t slot, std::size_t index) const;
  // The only element.
  Number number(std::size_t slot) const;
  // The shape that a tensor of integers spells; -1 is unknown.
  Shape spelled_shape(std::size_t slot) const;

  std::int64_t integer(Bytes key, std::int64_t otherwise) const;
  bool flag(Bytes key, bool otherwise) const;
  std::string text(Bytes key, Bytes otherwise) const;
  std::vector<std::int64_t> integers(Bytes key) const;
  Shape shape_attr(Bytes key) const;
  // Of a placeholder.
  Shape declared_shape() const { return declared_ != nullptr ? *declared_ : shape_attr("shape"); }

  // Outputs in order.
  void give(Shape shape);
  void give(TensorFact fact);
  // This output and all behind it.
  void give_all(const Shape& shape);
  // Kept only where they are as many as the given shape has elements.
  void give_numbers(std::size_t port, Numbers numbers);
  const OutputFacts& outputs() const { return outputs_; }
  OutputFacts take_outputs() { return std::move(outputs_); }

 private:
  const Graph& graph_;
  NodeId node_;
  std::vector<const TensorFact*> inputs_;
  const Shape* declared_;
  OutputFacts outputs_;
};

}  // namespace thaw::internal
