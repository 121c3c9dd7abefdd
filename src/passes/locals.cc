#include "passes/locals.h"

#include <algorithm>
#include <unordered_set>

#include "messages/attr_value.h"
#include "ops/variable_op.h"
#include "passes/initializers.h"
#include "passes/node_templates.h"
#include "tensor/shape.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// Whether a value can be computed before anything is fed or initialised.
bool is_free(const Draft& draft, NodeId start) {
  std::vector<NodeId> work{start};
  std::unordered_set<NodeId> seen{start};
  for (std::size_t next = 0; next < work.size(); ++next) {
    const Bytes op = draft.op(work[next]);
    const bool bound = op.starts_with("Placeholder") || is_variable_op(op) || op == "Merge" ||
                       op == "Enter" || seen.size() > 1000;
    if (bound) return false;
    for (const Edge& input : draft.inputs(work[next])) {
      if (seen.insert(input.node).second) work.push_back(input.node);
    }
  }
  return true;
}

class LocalMaker {
 public:
  explicit LocalMaker(Draft& draft) : draft_(draft) {}

  // False when neither an assignment nor a shape is known.
  bool make(const LocalVariable& local, VariableNodes& nodes) {
    nodes.name = draft_.name(local.node);
    nodes.is_resource = local.is_resource;
    nodes.trainable = false;
    const std::optional<DType> dtype = draft_.type_attr(local.node, "dtype");
    if (!dtype) return false;
    nodes.dtype = *dtype;
    if (!adopt_assignment(local.node, nodes) && !add_zeros(local.node, nodes)) return false;
    find_snapshot(local.node, nodes);
    return true;
  }

 private:
  bool adopt_assignment(NodeId variable, VariableNodes& nodes) {
    for (const Edge& consumer : draft_.consumers(variable)) {
      const Bytes op = draft_.op(consumer.node);
      if (consumer.port != 0 || (op != "Assign" && op != "AssignVariableOp")) continue;
      const std::vector<Edge> inputs = draft_.inputs(consumer.node);
      if (inputs.size() < 2) continue;
      const Edge value = inputs[1];
      if (!is_free(draft_, value.node)) continue;
      nodes.initializer = draft_.name(consumer.node);
      nodes.initial_value = tensor_name(draft_.name(value.node), value.port);
      return true;
    }
    return false;
  }

  bool add_zeros(NodeId variable, VariableNodes& nodes) {
    const std::optional<std::string> shape_attr = draft_.attr(variable, "shape");
    const AttrView view = shape_attr ? view_attr(*shape_attr) : AttrView{};
    if (view.kind != AttrKind::shape) return false;
    const Shape shape = decode_shape(view.payload);
    if (!shape.element_count()) return false;
    const std::string zeros = Initializers::add_zeros(draft_, nodes.name, nodes.dtype, shape);
    nodes.initial_value = zeros + ":0";
    nodes.initializer = draft_.unique_name(nodes.name + "/Assign");
    add(make_assign(nodes.initializer, nodes.name, zeros, nodes.dtype, nodes.is_resource), variable);
    return true;
  }

  void find_snapshot(NodeId variable, VariableNodes& nodes) {
    const Bytes wanted = nodes.is_resource ? "ReadVariableOp" : "Identity";
    for (const Edge& consumer : draft_.consumers(variable)) {
      if (consumer.port != 0 || draft_.op(consumer.node) != wanted) continue;
      nodes.snapshot = draft_.name(consumer.node) + ":0";
      return;
    }
    NodeDef read =
        nodes.is_resource
            ? make_read(draft_.unique_name(nodes.name + "/Read/ReadVariableOp"), nodes.name, nodes.dtype)
            : make_identity(draft_.unique_name(nodes.name + "/read"), nodes.name, nodes.dtype);
    nodes.snapshot = read.name + ":0";
    add(std::move(read), variable);
  }

  void add(NodeDef node, NodeId after) {
    Change change{"L1", node.name, "local variable"};
    draft_.add(std::move(node), after, std::move(change));
  }

  Draft& draft_;
};

}  // namespace

std::vector<VariableNodes> make_locals(Draft& draft, const std::vector<LocalVariable>& locals,
                                       std::vector<std::string>& warnings) {
  std::vector<VariableNodes> made;
  LocalMaker maker(draft);
  for (const LocalVariable& local : locals) {
    VariableNodes nodes;
    if (maker.make(local, nodes)) {
      made.push_back(std::move(nodes));
    } else {
      warnings.push_back(
          "variable " + thaw::quoted(local.name) +
          " was left in the graph without a value, and nothing says its shape: it stays uninitialised");
    }
  }
  return made;
}

}  // namespace thaw::internal
