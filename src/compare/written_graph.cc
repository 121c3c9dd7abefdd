#include "compare/written_graph.h"

#include <algorithm>

#include "messages/node_def.h"
#include "model/graph_builder.h"
#include "model/sniff.h"
#include "thaw/error.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

// Sorts the nodes of a GraphDef into those that are as they were and the others.
class Sorter {
 public:
  Sorter(SourcePtr file, const Graph& was) : was_(was), same_(was.node_count()), others_(std::move(file)) {}

  void add(Walk walk, Window& window) {
    for (Field field; walk.next(field);) {
      if (field.is_bytes(1) && is_expected(field, window)) continue;
      others_.add(field, window);
      if (field.is_bytes(1)) follow(others_.last_name());
    }
  }

  std::vector<bool> take_same() { return std::move(same_); }
  std::size_t same_count() const { return same_count_; }
  std::shared_ptr<const Graph> take_others() { return others_.finish_unlinked(); }

 private:
  // Only whole nodes: what is in the skeleton's bytes is all of it.
  bool is_expected(const Field& field, Window& window) {
    if (next_ >= was_.node_count() || same_[next_] || !was_.is_verbatim(next_)) return false;
    const Bytes expected = was_.skeleton(next_);
    if (expected.size() != field.payload.size || expected.size() > Window::kBuffer) return false;
    if (window.peek(expected.size()).substr(0, expected.size()) != expected) return false;
    window.advance(expected.size());
    same_[next_++] = true;
    ++same_count_;
    return true;
  }

  // The written graph is nearly in the order of the one that was read.
  void follow(Bytes name) {
    const NodeId id = was_.find(name, next_);
    if (id != kNoNode) next_ = id + 1;
  }

  const Graph& was_;
  std::vector<bool> same_;
  std::size_t same_count_ = 0;
  NodeId next_ = 0;  // the node that is likely to come
  GraphBuilder others_;
};

// MetaGraphDef.graph_def.
void add_meta_graph(Walk walk, Window& window, Sorter& sorter) {
  for (Field field; walk.next(field);) {
    if (field.is_bytes(2)) sorter.add(Walk(window, field.payload), window);
  }
}

}  // namespace

WrittenGraph::WrittenGraph(const SourcePtr& file, const Graph& was) : was_(was) {
  Window window(*file, {0, file->size()});
  Sorter sorter(file, was);
  const FileKind kind = sniff(*file);
  if (kind == FileKind::graph_def) {
    sorter.add(Walk(window), window);
  } else if (kind == FileKind::saved_model) {
    Walk walk(window);
    for (Field field; walk.next(field);) {
      if (field.is_bytes(2)) add_meta_graph(Walk(window, field.payload), window, sorter);
    }
  } else {
    add_meta_graph(Walk(window), window, sorter);
  }
  same_ = sorter.take_same();
  same_count_ = sorter.same_count();
  others_ = sorter.take_others();
  check_names();
}

void WrittenGraph::check_names() const {
  for (NodeId id = 0; id < others_->node_count(); ++id) {
    const Bytes name = others_->name(id);
    if (is_same(was_.find(name))) throw Error(ErrorKind::bug, "two nodes are called " + thaw::quoted(name));
    const std::vector<Edge> edges = inputs(first_other() + id);
    if (std::ranges::find(edges, kNoNode, &Edge::node) == edges.end()) continue;
    throw Error(ErrorKind::bug, "node " + thaw::quoted(name) + " takes what is not in the written graph");
  }
}

NodeId WrittenGraph::find(Bytes name) const {
  if (const NodeId id = others_->find(name); id != kNoNode) return first_other() + id;
  const NodeId id = was_.find(name);
  return is_same(id) ? id : kNoNode;
}

std::vector<Edge> WrittenGraph::inputs(NodeId id) const {
  std::vector<Edge> edges;
  MessageReader reader(skeleton(id));
  for (FieldView field; reader.next(field);) {
    if (!field.is_bytes(3)) continue;
    const InputName input = parse_input(field.payload);
    edges.push_back({find(input.node), input.is_control ? kControl : input.output});
  }
  return edges;
}

}  // namespace thaw::internal
