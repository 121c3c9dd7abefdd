// RaiseTensors: the tensors of a graph with loops and branches, as functions will take them: what led them in
// is looked through.
#pragma once

#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "draft/contexts.h"
#include "model/library.h"

namespace thaw::internal {

class RaiseShapes;

// Constants that are to stand in the main graph wherever they are used, for they become variables.
struct RaiseOutside {
  std::vector<NodeId> nodes;
  std::unordered_map<NodeId, NodeId> copies;  // the same weight once more: read from the other one instead
};

class RaiseTensors {
 public:
  RaiseTensors(const Contexts& contexts, const Library& library, const RaiseOutside& outside);

  const Contexts& contexts() const { return contexts_; }
  const Draft& draft() const { return contexts_.draft(); }
  const Library& library() const { return library_; }

  // The tensor behind Enters, Switches and LoopConds. A variable of a loop is output 0 of its Merge.
  Edge origin(Edge tensor);
  // The context in which the outputs of such a node are read.
  ContextId home(NodeId node) const;
  bool is_variable_of(ContextId loop, const Edge& origin) const;
  bool is_outside(NodeId node) const { return outside_.contains(node); }
  // A small constant, which is rather had twice than handed in: TensorFlow infers shapes from such.
  bool is_copied(NodeId node) const;
  // `invalid` where neither the table of operations nor what leads it in tells.
  DType type(const Edge& origin) const;
  // Of the draft as it is now; to be asked before it is edited. Until then nothing is known.
  void learn_shapes();
  const RaiseShapes* shapes() const { return shapes_.get(); }
  Shape shape(const Edge& origin) const;
  // As nodes of functions take it; nothing where the table of operations cannot tell.
  std::optional<std::string> in_function(const Edge& origin) const;

  // What has effects beside its outputs, or may have.
  bool is_stateful(NodeId node) const;
  // Who waits for it waits for effects: groups of them are waited for through NoOps.
  bool holds_up(NodeId node);
  // Nobody needs to wait for it: it holds nothing up, or stands for a loop or a branch only.
  bool is_waited_for_in_vain(NodeId node) const;

 private:
  bool leads_in(NodeId node) const;

  const Contexts& contexts_;
  const Library& library_;
  std::unordered_set<NodeId> outside_;
  const std::unordered_map<NodeId, NodeId>& copies_;
  std::unordered_map<NodeId, Edge> origins_;         // of what leads in
  std::unordered_map<NodeId, bool> holds_up_;        // of NoOps
  std::unordered_map<std::uint64_t, DType> led_in_;  // as what leads in declares them
  std::shared_ptr<const RaiseShapes> shapes_;
};

}  // namespace thaw::internal
