#include "passes/saver.h"

#include "messages/attr_value.h"
#include "messages/free_names.h"
#include "passes/node_templates.h"
#include "tensor/shape.h"

namespace thaw::internal {

namespace {

constexpr Bytes kCpu = "/device:CPU:0";

bool is_taken(const Draft& draft, const std::string& scope) {
  if (draft.find(scope) != kNoNode) return true;
  const std::string below = scope + "/";
  for (NodeId id = 0; id < draft.id_limit(); ++id) {
    if (!draft.is_removed(id) && draft.name_view(id).starts_with(below)) return true;
  }
  return false;
}

NodeDef with_placeholder(std::string name, const std::string& input) {
  NodeDef node = make_node(std::move(name), "PlaceholderWithDefault", {input});
  node.set_attr("dtype", attr_of_type(DType::string));
  node.set_attr("shape", attr_of_shape(encode_shape(Shape())));
  return node;
}

std::string numbered(const std::string& name, std::size_t index) {
  return index == 0 ? name : name + "_" + std::to_string(index);
}

class SaverBuilder {
 public:
  SaverBuilder(Draft& draft, const SaverNames& names)
      : draft_(draft), names_(names), scope_(names.scope + "/") {}

  void run(const std::vector<VariableNodes>& variables) {
    for (const VariableNodes& variable : variables) list_tensor(variable, variable.key);
    for (const VariableNodes& variable : variables) {
      // Twins are saved as well, so that what this saver writes is what it reads.
      for (const std::string& twin : variable.twin_keys) list_twin(variable, twin);
    }
    add_save();
    add_restore();
    std::vector<std::string> done;
    for (std::size_t i = 0; i < variables.size(); ++i) done.push_back("^" + add_restored(variables[i], i));
    add(make_node(scope_ + "restore_all", "NoOp", std::move(done)));
  }

 private:
  void list_tensor(const VariableNodes& variable, const std::string& key) {
    keys_.push_back(key);
    slices_.push_back(variable.slice ? variable.slice->spec() : "");
    dtypes_.push_back(variable.dtype);
    tensors_.push_back(variable.is_resource ? variable.snapshot.substr(0, variable.snapshot.size() - 2)
                                            : variable.name);
  }
  void list_twin(const VariableNodes& variable, const std::string& key) {
    list_tensor(variable, key);
    ++twins_;
  }

  void add_save() {
    std::vector<std::string> inputs{names_.filename, scope_ + "SaveV2/tensor_names",
                                    scope_ + "SaveV2/shape_and_slices"};
    add(make_string_list(inputs[1], keys_));
    add(make_string_list(inputs[2], slices_));
    inputs.insert(inputs.end(), tensors_.begin(), tensors_.end());
    NodeDef save = make_node(scope_ + "SaveV2", "SaveV2", std::move(inputs));
    save.set_attr("dtypes", attr_of_types(dtypes_));
    add(std::move(save));
    NodeDef done = make_identity(scope_ + "control_dependency", names_.filename, DType::string);
    done.inputs.push_back("^" + scope_ + "SaveV2");
    colocate(done, names_.filename);
    add(std::move(done));
  }

  void add_restore() {
    // What a twin holds is a copy: the plain key is the one that is read back.
    const auto without_twins = [&](auto list) {
      list.resize(list.size() - twins_);
      return list;
    };
    std::vector<std::string> inputs{names_.filename, scope_ + "RestoreV2/tensor_names",
                                    scope_ + "RestoreV2/shape_and_slices"};
    add_on_cpu(make_string_list(inputs[1], without_twins(keys_)));
    add_on_cpu(make_string_list(inputs[2], without_twins(slices_)));
    NodeDef restore = make_node(scope_ + "RestoreV2", "RestoreV2", std::move(inputs));
    restore.set_attr("dtypes", attr_of_types(without_twins(dtypes_)));
    add_on_cpu(std::move(restore));
  }

  // Gives the name of the assignment.
  std::string add_restored(const VariableNodes& variable, std::size_t index) {
    std::string value = format_input(scope_ + "RestoreV2", static_cast<std::uint32_t>(index));
    if (variable.is_resource) {
      const std::string through = numbered(scope_ + "Identity", identities_++);
      add(make_identity(through, value, variable.dtype));
      value = through;
    }
    std::string name = variable.is_resource ? numbered(scope_ + "AssignVariableOp", resource_assigns_++)
                                            : numbered(scope_ + "Assign", ref_assigns_++);
    add(make_assign(name, variable.name, value, variable.dtype, variable.is_resource));
    return name;
  }

  void add(NodeDef node) {
    Change change{"S1", node.name, "saver"};
    draft_.add(std::move(node), kNoNode, std::move(change));
  }
  void add_on_cpu(NodeDef node) {
    node.device = kCpu;
    add(std::move(node));
  }

  Draft& draft_;
  const SaverNames& names_;
  const std::string scope_;
  std::vector<std::string> keys_, slices_, tensors_;
  std::vector<DType> dtypes_;
  std::size_t twins_ = 0, identities_ = 0, resource_assigns_ = 0, ref_assigns_ = 0;
};

}  // namespace

SaverNames add_saver_filename(Draft& draft, const std::string& outer_scope,
                              const std::string& default_prefix) {
  SaverNames names;
  names.scope = FreeNames().next(outer_scope + "save",
                                 [&](const std::string& scope) { return is_taken(draft, scope); });
  names.filename = names.scope + "/Const";
  const std::string input = names.scope + "/filename/input", filename = names.scope + "/filename";
  draft.add(make_string_constant(input, default_prefix), kNoNode, {"S1", input, "saver"});
  draft.add(with_placeholder(filename, input), kNoNode, {"S1", filename, "saver"});
  draft.add(with_placeholder(names.filename, filename), kNoNode, {"S1", names.filename, "saver"});
  return names;
}

void add_saver(Draft& draft, const SaverNames& names, const std::vector<VariableNodes>& variables) {
  SaverBuilder(draft, names).run(variables);
}

}  // namespace thaw::internal
