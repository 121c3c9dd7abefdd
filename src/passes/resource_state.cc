#include "passes/resource_state.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_set>

#include "messages/attr_value.h"
#include "ops/op_table.h"
#include "passes/node_templates.h"
#include "tensor/shape.h"

namespace thaw::internal {

namespace {

// What takes a reference and gives it back changed, and what does the same to a resource and gives nothing.
struct Update {
  Bytes of_reference, of_resource;
};
constexpr auto kUpdates = std::to_array<Update>({
    {"Assign", "AssignVariableOp"},
    {"AssignAdd", "AssignAddVariableOp"},
    {"AssignSub", "AssignSubVariableOp"},
    {"ScatterUpdate", "ResourceScatterUpdate"},
    {"ScatterAdd", "ResourceScatterAdd"},
    {"ScatterSub", "ResourceScatterSub"},
    {"ScatterMul", "ResourceScatterMul"},
    {"ScatterDiv", "ResourceScatterDiv"},
    {"ScatterMin", "ResourceScatterMin"},
    {"ScatterMax", "ResourceScatterMax"},
    {"ScatterNdUpdate", "ResourceScatterNdUpdate"},
    {"ScatterNdAdd", "ResourceScatterNdAdd"},
    {"ScatterNdSub", "ResourceScatterNdSub"},
});

const Update* find_update(Bytes op) {
  const auto found = std::ranges::find(kUpdates, op, &Update::of_reference);
  return found == kUpdates.end() ? nullptr : found;
}

bool takes_reference(const Draft& draft, const Edge& consumer) {
  const OpInfo* info = find_op(draft.op(consumer.node));
  if (info == nullptr) return true;
  if (!info->inputs.all_single()) return false;
  return consumer.port < info->inputs.size() && info->inputs[consumer.port].is_ref;
}

class StateMaker {
 public:
  explicit StateMaker(Draft& draft) : draft_(draft) {}

  std::optional<StateLeft> make(NodeId variable) {
    variable_ = variable;
    const std::optional<DType> dtype = draft_.type_attr(variable, "dtype");
    if (!dtype) return StateLeft{draft_.name(variable), "a variable without a type"};
    dtype_ = *dtype;
    references_ = {variable};
    if (std::optional<StateLeft> left = follow_references()) return left;
    for (const NodeId reference : references_) change_readers(reference);
    for (const NodeId update : updates_) change_update(update);
    if (draft_.op(variable_) != "Const") change_variable();
    return std::nullopt;
  }

 private:
  // Every node that gives the variable's reference: itself, and its updates one behind the other.
  std::optional<StateLeft> follow_references() {
    updates_.clear();
    for (std::size_t next = 0; next < references_.size(); ++next) {
      for (const Edge& consumer : draft_.consumers(references_[next])) {
        if (consumer.is_control() || !takes_reference(draft_, consumer)) continue;
        const Bytes op = draft_.op(consumer.node);
        const bool updates = consumer.port == 0 && find_update(op) != nullptr;
        if (updates) {
          references_.push_back(consumer.node);
          updates_.push_back(consumer.node);
        } else if (op != "IsVariableInitialized" && op != "CountUpTo") {
          return StateLeft{draft_.name(consumer.node), std::string(op) + " takes a reference variable"};
        }
      }
    }
    return std::nullopt;
  }

  void change_readers(NodeId reference) {
    for (const Edge& consumer : draft_.consumers(reference)) {
      if (consumer.is_control()) continue;
      const Bytes op = draft_.op(consumer.node);
      if (takes_reference(draft_, consumer)) {
        if (op == "IsVariableInitialized") to_handle_user(consumer.node, "VarIsInitializedOp", reference);
        if (op == "CountUpTo") to_handle_user(consumer.node, "ResourceCountUpTo", reference);
      } else if (op == "Identity" && reference == variable_) {
        to_read(consumer.node);
      } else if (reference == variable_) {
        read_for(consumer);
      }
    }
  }

  // The update under a new name; its old name is a read that waits for it, for all who take the result.
  void change_update(NodeId id) {
    NodeDef node = draft_.node_def(id);
    const Update& update = *find_update(node.op);
    NodeDef read = make_read(node.name, draft_.name(variable_), dtype_);
    read.device = node.device;
    node.name = draft_.unique_name(node.name + "/Update");
    read.inputs.push_back("^" + node.name);
    if (const NodeId from = draft_.inputs(id)[0].node; from != variable_)
      node.inputs.push_back("^" + draft_.name(from));
    node.inputs[0] = draft_.name(variable_);
    to_resource_attrs(node, update);
    const std::string name = read.name, what = node.op + " and a read";
    draft_.add(std::move(node), id, {"J1", name, what});
    draft_.replace(id, std::move(read), {"J1", name, what});
  }

  void to_resource_attrs(NodeDef& node, const Update& update) const {
    node.op = update.of_resource;
    for (const Bytes key : {"_class", "_output_shapes", "validate_shape"}) node.drop_attr(key);
    if (update.of_resource.starts_with("ResourceScatterNd")) return;
    for (const Bytes key : {"T", "use_locking"}) node.drop_attr(key);
    node.set_attr("dtype", attr_of_type(dtype_));
  }

  void to_read(NodeId id) {
    NodeDef node = draft_.node_def(id);
    node.op = "ReadVariableOp";
    for (const Bytes key : {"T", "_class", "_output_shapes"}) node.drop_attr(key);
    node.set_attr("dtype", attr_of_type(dtype_));
    const std::string name = node.name;
    draft_.replace(id, std::move(node), {"J2", name, "Identity -> ReadVariableOp"});
  }

  // A reference is dereferenced when its taker runs: the read waits for what the taker waits for.
  void read_for(const Edge& consumer) {
    const std::string taker = draft_.name(consumer.node);
    NodeDef read = make_read(draft_.unique_name(taker + "/ReadVariableOp"), draft_.name(variable_), dtype_);
    for (const Edge& input : draft_.inputs(consumer.node)) {
      if (input.is_control()) read.inputs.push_back("^" + draft_.name(input.node));
    }
    const NodeId id = draft_.add(std::move(read), variable_, {"J2", taker, "read"});
    draft_.redirect(consumer.node, consumer.port, {id, 0}, {"J2", taker, "takes " + draft_.name(id)});
  }

  void to_handle_user(NodeId id, Bytes op, NodeId reference) {
    NodeDef node = draft_.node_def(id);
    node.inputs[0] = draft_.name(variable_);
    if (reference != variable_) node.inputs.push_back("^" + draft_.name(reference));
    std::string what = node.op + " -> " + std::string(op);
    node.op = op;
    node.drop_attr("_class");
    if (op == "VarIsInitializedOp") node.drop_attr("dtype");
    const std::string name = node.name;
    draft_.replace(id, std::move(node), {"J1", name, std::move(what)});
  }

  void change_variable() {
    const NodeDef was = draft_.node_def(variable_);
    const std::optional<std::string> shape = draft_.attr(variable_, "shape");
    const AttrView view = shape ? view_attr(*shape) : AttrView{};
    NodeDef handle =
        make_handle(was.name, dtype_,
                    view.kind == AttrKind::shape ? decode_shape(view.payload) : Shape::of_unknown_rank());
    handle.device = was.device;
    handle.unknown = was.unknown;
    handle.inputs = was.inputs;
    draft_.replace(variable_, std::move(handle), {"J1", was.name, was.op + " -> VarHandleOp"});
  }

  Draft& draft_;
  NodeId variable_ = kNoNode;
  DType dtype_ = DType::invalid;
  std::vector<NodeId> references_, updates_;
};

}  // namespace

std::vector<StateLeft> make_state_resources(Draft& draft, const std::vector<NodeId>& variables) {
  std::vector<StateLeft> left;
  StateMaker maker(draft);
  for (const NodeId variable : variables) {
    if (std::optional<StateLeft> stays = maker.make(variable)) left.push_back(std::move(*stays));
  }
  return left;
}

}  // namespace thaw::internal
