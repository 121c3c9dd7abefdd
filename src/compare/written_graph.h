// WrittenGraph: a graph as it was written, read back beside the one it was made from. Nodes that are byte for
// byte those of the other graph are known by their id there; only what differs is held.
#pragma once

#include <memory>
#include <vector>

#include "model/graph.h"

namespace thaw::internal {

// Ids below `was.node_count()` are nodes of `was` that were written unchanged; the others follow. `was` must
// outlive it. Const use from several threads.
class WrittenGraph {
 public:
  // A GraphDef, a MetaGraphDef or a SavedModel of one. Throws malformed; bug for a name that is used twice or
  // an input that is not there.
  WrittenGraph(const SourcePtr& file, const Graph& was);

  std::size_t node_count() const { return same_count_ + others_->node_count(); }
  // A node of `was` that was written as it is, large tensors apart (which are among the others).
  bool is_same(NodeId id) const { return id < same_.size() && same_[id]; }
  NodeId find(Bytes name) const;  // kNoNode when absent

  Bytes name(NodeId id) const { return home(id).name(local(id)); }
  Bytes op(NodeId id) const { return home(id).op(local(id)); }
  Bytes device(NodeId id) const { return home(id).device(local(id)); }
  Bytes skeleton(NodeId id) const { return home(id).skeleton(local(id)); }
  std::optional<Bytes> attr(NodeId id, Bytes key) const { return home(id).attr(local(id), key); }
  std::optional<DType> type_attr(NodeId id, Bytes key) const { return home(id).type_attr(local(id), key); }
  // In the order of the file.
  std::vector<Edge> inputs(NodeId id) const;

  // The nodes that differ, unlinked, and all of the GraphDef but its nodes (Graph::rest).
  const Graph& others() const { return *others_; }
  // The Graph that holds a node, and the node's id in it.
  const Graph& home(NodeId id) const { return id < same_.size() ? was_ : *others_; }
  NodeId local(NodeId id) const { return id < same_.size() ? id : id - first_other(); }

 private:
  NodeId first_other() const { return static_cast<NodeId>(same_.size()); }
  void check_names() const;

  const Graph& was_;
  std::vector<bool> same_;  // by id in `was_`
  std::size_t same_count_ = 0;
  std::shared_ptr<const Graph> others_;
};

}  // namespace thaw::internal
