#include "passes/variables.h"

#include <algorithm>

#include "messages/attr_value.h"
#include "ops/op_table.h"
#include "passes/node_templates.h"

namespace thaw::internal {

namespace {

constexpr std::int32_t kResource = static_cast<std::int32_t>(DType::resource);

// A slot that takes the variable itself, not its value: an edge there stays as it is.
bool takes_variable(const Draft& draft, const Edge& consumer) {
  const OpInfo* info = find_op(draft.op(consumer.node));
  if (info == nullptr) return false;
  std::uint32_t slot = 0;
  for (const ArgInfo arg : info->inputs) {
    if (!arg.is_single()) return false;
    if (slot++ == consumer.port) return arg.is_ref || arg.type == kResource;
  }
  return false;
}

bool takes_resource(const Draft& draft, NodeId constant) {
  return std::ranges::any_of(draft.consumers(constant), [&](const Edge& consumer) {
    const OpInfo* info = find_op(draft.op(consumer.node));
    return info != nullptr && consumer.port == 0 && !info->inputs.empty() &&
           info->inputs[0].type == kResource;
  });
}

class VariableMaker {
 public:
  VariableMaker(Draft& draft, VariableStyle style, Initializers& initializers)
      : draft_(draft), style_(style), initializers_(initializers) {}

  VariableNodes make(std::size_t index, const Variable& variable, const Value& value) {
    nodes_ = {};
    nodes_.name = variable.name;
    nodes_.key = variable.key;
    nodes_.dtype = value.dtype();
    nodes_.trainable = variable.trainable;
    nodes_.slice = variable.slice;
    nodes_.is_resource =
        variable.ref ? takes_resource(draft_, variable.node) : style_ == VariableStyle::resource;
    id_ = variable.node;
    const std::string initial = initializers_.add(index, variable, value);
    replace_constant(value);
    if (nodes_.is_resource) {
      make_resource_reads();
    } else {
      make_ref_snapshot();
    }
    nodes_.initial_value = initial + ":0";
    nodes_.initializer = draft_.unique_name(nodes_.name + "/Assign");
    add(make_assign(nodes_.initializer, nodes_.name, initial, nodes_.dtype, nodes_.is_resource), "V4",
        "initialiser");
    return nodes_;
  }

 private:
  void replace_constant(const Value& value) {
    const NodeDef constant = draft_.node_def(id_);
    NodeDef node = nodes_.is_resource ? make_handle(nodes_.name, value.dtype(), value.shape())
                                      : make_ref_variable(nodes_.name, value.dtype(), value.shape());
    node.device = constant.device;
    node.unknown = constant.unknown;
    for (const std::string& input : constant.inputs) node.inputs.push_back(input);
    std::string what = constant.op + " -> " + node.op;
    draft_.replace(id_, std::move(node), {"V1", nodes_.name, std::move(what)});
  }

  // The old Identity nodes become reads under their own names; whoever took the constant directly takes a
  // read.
  void make_resource_reads() {
    NodeId read = kNoNode;
    std::vector<Edge> direct;
    for (const Edge& consumer : draft_.consumers(id_)) {
      if (consumer.is_control() || takes_variable(draft_, consumer)) continue;
      if (consumer.port == 0 && draft_.op(consumer.node) == "Identity" && reads_as_is(consumer.node)) {
        to_read(consumer.node);
        const bool plain = draft_.inputs(consumer.node).size() == 1;
        if (plain && (read == kNoNode || draft_.name(consumer.node) == nodes_.name + "/read"))
          read = consumer.node;
      } else {
        direct.push_back(consumer);
      }
    }
    if (!direct.empty() && read == kNoNode) {
      const std::string name = draft_.unique_name(nodes_.name + "/read");
      read = add(make_read(name, nodes_.name, nodes_.dtype), "V2", "read");
    }
    for (const Edge& consumer : direct) {
      draft_.redirect(consumer.node, consumer.port, {read, 0},
                      {"V3", draft_.name(consumer.node), "takes " + draft_.name(read)});
    }
    add_snapshot();
  }

  // An Identity that says more, or something else, than that it passes the value on stays what it is, behind
  // a read.
  bool reads_as_is(NodeId id) const {
    const NodeDef node = draft_.node_def(id);
    bool typed = false;
    for (const NodeAttr& attr : node.attrs) {
      if (attr.key.starts_with("_")) continue;
      if (attr.key != "T" || attr.value.bytes() != attr_of_type(nodes_.dtype)) return false;
      typed = true;
    }
    return typed;
  }

  void to_read(NodeId id) {
    NodeDef node = draft_.node_def(id);
    node.op = "ReadVariableOp";
    std::erase_if(node.attrs,
                  [](const NodeAttr& attr) { return attr.key == "T" || attr.key == "_output_shapes"; });
    node.set_attr("dtype", attr_of_type(nodes_.dtype));
    const std::string name = node.name;
    draft_.replace(id, std::move(node), {"V2", name, "Identity -> ReadVariableOp"});
  }

  // TensorFlow's own freezer fetches the value by this very name (python/framework/convert_to_constants.py).
  void add_snapshot() {
    const std::string wanted = nodes_.name + "/Read/ReadVariableOp";
    const NodeId existing = draft_.find(wanted);
    const bool reads_me = existing != kNoNode && draft_.op(existing) == "ReadVariableOp" &&
                          !draft_.inputs(existing).empty() && draft_.inputs(existing)[0].node == id_;
    nodes_.snapshot = reads_me ? wanted : draft_.unique_name(wanted);
    if (!reads_me) add(make_read(nodes_.snapshot, nodes_.name, nodes_.dtype), "V2", "read");
    nodes_.snapshot += ":0";
  }

  // Direct edges may stay: a reference is dereferenced where a value is wanted.
  void make_ref_snapshot() {
    std::string snapshot;
    for (const Edge& consumer : draft_.consumers(id_)) {
      if (consumer.port != 0 || draft_.op(consumer.node) != "Identity") continue;
      const std::string name = draft_.name(consumer.node);
      if (snapshot.empty() || name == nodes_.name + "/read") snapshot = name;
    }
    if (snapshot.empty()) {
      NodeDef read = make_identity(draft_.unique_name(nodes_.name + "/read"), nodes_.name, nodes_.dtype);
      colocate(read, nodes_.name);
      snapshot = read.name;
      add(std::move(read), "V2", "read");
    }
    nodes_.snapshot = snapshot + ":0";
  }

  NodeId add(NodeDef node, const char* rule, const char* what) {
    Change change{rule, node.name, what};
    return draft_.add(std::move(node), id_, std::move(change));
  }

  Draft& draft_;
  VariableStyle style_;
  Initializers& initializers_;
  VariableNodes nodes_;
  NodeId id_ = kNoNode;
};

}  // namespace

std::vector<VariableNodes> make_variables(Draft& draft, const Plan& plan, VariableStyle style,
                                          Initializers& initializers) {
  VariableMaker maker(draft, style, initializers);
  std::vector<VariableNodes> made;
  for (std::size_t i = 0; i < plan.variables.size(); ++i) {
    const Variable& variable = plan.variables[i];
    made.push_back(maker.make(i, variable, plan.checkpoint.blobs[variable.blob]));
  }
  for (const CheckpointEntry& entry : plan.checkpoint.entries) {
    VariableNodes& owner = made[entry.blob];
    if (entry.key != owner.key) owner.twin_keys.push_back(entry.key);
  }
  return made;
}

}  // namespace thaw::internal
