#include "compare/prove_graph.h"

#include <algorithm>
#include <unordered_map>

#include "compare/attrs.h"
#include "compare/compare_values.h"
#include "compare/explain_repairs.h"
#include "compare/explain_training.h"
#include "draft/flow_structure.h"
#include "tensor/shape.h"
#include "thaw/error.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

// Device and attributes, as they stand behind the inputs of a node.
Bytes behind_inputs(Bytes skeleton) {
  MessageReader reader(skeleton);
  std::size_t head = 0;
  for (FieldView field; reader.next(field) && field.number <= 3;) head += field.whole.size();
  return skeleton.substr(head);
}

// Of those that hold variables, the ones that are ever put in a constant's place.
bool is_thawed_op(Bytes op) { return op == "VarHandleOp" || op == "VariableV2"; }

class GraphProver {
 public:
  GraphProver(const Draft& draft, const WrittenGraph& thawed, const Plan& plan,
              const AllowedDifferences& allowed)
      : draft_(draft),
        was_(draft.base()),
        is_(thawed),
        allowed_(allowed),
        is_variable_(was_.node_count()),
        image_(was_.node_count(), kNoNode),
        repairs_(draft, thawed, image_),
        training_(draft, thawed) {
    for (const Variable& variable : plan.variables) {
      variables_[variable.node] = &variable;
      is_variable_[variable.node] = true;
    }
  }

  GraphProof run() {
    const std::size_t found = find_images();
    for (NodeId id = 0; id < was_.node_count(); ++id) {
      if (image_[id] != kNoNode) compare(id);
    }
    std::size_t added = 0;
    for (auto id = static_cast<NodeId>(was_.node_count()); id < draft_.id_limit(); ++id)
      added += draft_.is_removed(id) ? 0 : 1;
    if (is_.node_count() != found + added) {
      throw Error(ErrorKind::bug, "the thawed graph has " + std::to_string(is_.node_count()) + " nodes",
                  std::to_string(found + added));
    }
    return proof_;
  }

 private:
  std::size_t find_images() {
    std::size_t found = 0;
    for (NodeId id = 0; id < was_.node_count(); ++id) {
      // The name of a node that was pruned is free: another may have it by now.
      if (allowed_.pruned && draft_.is_removed(id)) continue;
      image_[id] = is_.is_same(id) && !draft_.is_touched(id) ? id : is_.find(draft_.name_view(id));
      if (image_[id] == kNoNode) fail(id, "is gone");
      ++found;
    }
    return found;
  }

  void compare(NodeId id) {
    const NodeId now = training_.at_rest(id, image_[id]);
    explained_ = now != image_[id];
    if (is_.is_same(id) && now == id && !is_variable_[id]) {
      compare_same_inputs(id);
    } else {
      compare_changed(id, now);
      compare_inputs(id, now);
    }
    ++(explained_ ? proof_.explained : proof_.equal);
  }

  // The same text, which means the same node unless that one changed.
  void compare_same_inputs(NodeId id) {
    const auto is_as_it_was = [&](const Edge& input) {
      return image_[input.node] == input.node && !is_variable_[input.node];
    };
    if (!std::ranges::all_of(was_.inputs(id), is_as_it_was)) compare_inputs(id, id);
  }

  void compare_changed(NodeId id, NodeId now) {
    if (is_variable_[id]) {
      compare_variable(id, now);
    } else if (const NodeId constant = repairs_.tied_to(id, now); constant != kNoNode) {
      compare_tied(id, now, constant);
    } else {
      compare_op(id, now);
      if (has_same_tail(id, now)) return;
      compare_attrs(id, now);
      compare_tensors(id, now);
    }
    const bool moved = was_.device(id) != is_.device(now);
    if (moved && !(allowed_.devices_cleared && is_.device(now).empty())) fail(id, "has another device");
  }

  // The usual case of a node that only takes another input.
  bool has_same_tail(NodeId id, NodeId now) const {
    const bool may = allowed_.frame_scope.empty() && was_.op(id) == is_.op(now) &&
                     !was_.has_large_tensor(id) && !is_.home(now).has_large_tensor(is_.local(now));
    return may && behind_inputs(was_.skeleton(id)) == behind_inputs(is_.skeleton(now));
  }

  void compare_variable(NodeId id, NodeId now) {
    const std::optional<TensorHead> head = was_.tensor_head(id, "value");
    const std::optional<Bytes> shape = is_.attr(now, "shape");
    const AttrView view = shape ? view_attr(*shape) : AttrView{};
    const bool same = is_thawed_op(is_.op(now)) && head && is_.type_attr(now, "dtype") == head->dtype &&
                      view.kind == AttrKind::shape && decode_shape(view.payload) == head->shape;
    if (!same) fail(id, "is not a variable of the constant's type and shape");
    explained_ = true;
  }

  // A second copy of a weight's numbers that now reads the weight.
  void compare_tied(NodeId id, NodeId now, NodeId constant) {
    const bool same = is_variable_[constant] && is_.type_attr(now, "T") == was_.type_attr(id, "dtype") &&
                      same_tensor(was_, id, was_, constant, "value");
    if (!same) fail(id, "reads a variable of other numbers");
    explained_ = true;
  }

  // A read that freezing turns into the Identity it was.
  bool is_read_of_variable(NodeId now) const {
    if (is_.op(now) != "ReadVariableOp") return false;
    const std::vector<Edge> inputs = is_.inputs(now);
    return !inputs.empty() && is_.op(inputs[0].node) == "VarHandleOp";
  }

  void compare_op(NodeId id, NodeId now) {
    if (was_.op(id) == is_.op(now)) return;
    const bool read = was_.op(id) == "Identity" && is_read_of_variable(now);
    if (!read && !repairs_.is_second_exit(id, now))
      fail(id, "was " + thaw::quoted(was_.op(id)) + " and is " + thaw::quoted(is_.op(now)));
    explained_ = true;
  }

  void compare_attrs(NodeId id, NodeId now) {
    AttrViews before = attr_views_of(was_.skeleton(id)), after = attr_views_of(is_.skeleton(now));
    const std::string frame = scoped_frame(id, before);
    if (!frame.empty()) before["frame_name"] = frame;
    if (was_.op(id) != is_.op(now) && is_.op(now) == "ReadVariableOp") {
      after["T"] = after["dtype"];
      after.erase("dtype");
    }
    for (AttrViews* attrs : {&before, &after}) {
      if (draft_.is_touched(id)) attrs->erase("_output_shapes");
      if (allowed_.redeclared.contains(id)) attrs->erase("shape");
      if (repairs_.joins_in_pairs(id)) attrs->erase("N");
      attrs->erase("_class");
    }
    if (before != after) fail(id, "has other attributes");
    compare_places(id, now);
  }

  // The attribute frame_name as it should be by now; empty when it stays as it was.
  std::string scoped_frame(NodeId id, const AttrViews& attrs) const {
    const auto frame = attrs.find("frame_name");
    if (allowed_.frame_scope.empty() || frame == attrs.end()) return "";
    if (flow_kind_of(was_.op(id)) != FlowKind::enter) return "";
    const std::optional<Bytes> name = attr_as_string(frame->second);
    return attr_of_string(allowed_.frame_scope + std::string(name.value_or("")));
  }

  // _class, which renames change along with the nodes.
  void compare_places(NodeId id, NodeId now) {
    const auto places = [](const auto& graph, NodeId node) {
      const std::optional<Bytes> value = graph.attr(node, "_class");
      return value ? attr_as_strings(*value) : std::vector<Bytes>{};
    };
    const std::vector<Bytes> before = places(was_, id), after = places(is_, now);
    if (before.size() != after.size()) fail(id, "is colocated with others");
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (before[i] == after[i]) continue;
      const NodeId place = before[i].starts_with("loc:@") ? was_.find(before[i].substr(5)) : kNoNode;
      if (place == kNoNode || "loc:@" + draft_.name(place) != after[i])
        fail(id, "is colocated with " + thaw::quoted(after[i]));
    }
  }

  void compare_tensors(NodeId id, NodeId now) {
    for (const auto& [key, value] : attr_views_of(was_.skeleton(id))) {
      if (view_attr(value).kind != AttrKind::tensor) continue;
      if (key == "_output_shapes" && draft_.is_touched(id)) continue;
      if (!same_tensor(was_, id, is_.home(now), is_.local(now), key)) fail(id, "holds other numbers");
    }
  }

  void compare_inputs(NodeId id, NodeId now) {
    const std::span<const Edge> before = was_.inputs(id);
    const std::vector<Edge> after = is_.inputs(now);
    if (draft_.is_touched(id) && explains_all_inputs(id, now)) {
      explained_ = true;
      return;
    }
    if (before.size() != after.size()) fail(id, "has another number of inputs");
    for (std::size_t i = 0; i < before.size(); ++i) compare_input(id, before[i], after[i]);
  }

  bool explains_all_inputs(NodeId id, NodeId now) const {
    return repairs_.explains_inputs(id, now, is_variable_[id]) || repairs_.tied_to(id, now) != kNoNode;
  }

  void compare_input(NodeId id, const Edge& before, const Edge& written) {
    const Edge after = repairs_.source(training_.source(repairs_.source(written)));
    explained_ |= after != written;
    const NodeId expected = before.is_control() || before.port == 0 || after.node == image_[before.node]
                                ? image_[before.node]
                                : training_.at_rest(before.node, image_[before.node]);
    const bool same = after.node == expected && after.port == before.port;
    const bool was_variable = is_variable_[before.node];
    if (same && (!was_variable || before.is_control() || takes_handle_rightly(id, after.node))) return;
    explained_ = true;
    if (repairs_.is_split(before, after)) return;
    if (was_variable && is_read_of_variable(after.node) && is_.inputs(after.node)[0].node == expected) return;
    if (was_variable && is_.op(after.node) == "Const" &&
        same_tensor(was_, before.node, is_.home(after.node), is_.local(after.node), "value"))
      return;
    fail(id, "takes " + thaw::quoted(is_.name(after.node)) + " in place of " +
                 thaw::quoted(was_.name(before.node)));
  }

  // A handle may be taken only by a read or by what takes variables themselves; everything takes a reference.
  bool takes_handle_rightly(NodeId id, NodeId variable) const {
    if (is_.op(variable) != "VarHandleOp") return true;
    const Bytes op = is_.op(image_[id]);
    return op == "ReadVariableOp" || variables_.at(draft_.find(is_.name(variable)))->ref;
  }

  [[noreturn]] void fail(NodeId id, const std::string& what) const {
    throw Error(
        ErrorKind::bug,
        "the written graph is not the one that was read: node " + thaw::quoted(was_.name(id)) + " " + what,
        "the same node once the graph is frozen again",
        "nothing was published; please report this with the model");
  }

  const Draft& draft_;
  const Graph& was_;
  const WrittenGraph& is_;
  const AllowedDifferences& allowed_;
  std::unordered_map<NodeId, const Variable*> variables_;
  std::vector<bool> is_variable_;
  std::vector<NodeId> image_;
  RepairExplainer repairs_;
  TrainingExplainer training_;
  GraphProof proof_;
  bool explained_ = false;
};

}  // namespace

GraphProof prove_graph(const Draft& draft, const WrittenGraph& thawed, const Plan& plan,
                       const AllowedDifferences& allowed) {
  return GraphProver(draft, thawed, plan, allowed).run();
}

}  // namespace thaw::internal
