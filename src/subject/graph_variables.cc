#include "subject/graph_variables.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "messages/attr_value.h"
#include "model/declared_shape.h"
#include "model/variable_defs.h"
#include "ops/variable_op.h"
#include "subject/saved_object_graph.h"
#include "subject/saver_keys.h"
#include "tensor/sliced_value.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

std::string string_attr(const Graph& graph, NodeId id, Bytes key) {
  const std::optional<Bytes> value = graph.attr(id, key);
  return std::string(value ? attr_as_string(*value).value_or("") : Bytes());
}

// Handles of one container and name are one variable (core/framework/resource_mgr.h).
std::string buffer_of(const Graph& graph, NodeId id) {
  const std::string shared = string_attr(graph, id, "shared_name");
  if (shared.empty() || graph.op(id) != "VarHandleOp") return "";
  return string_attr(graph, id, "container") + '\0' + shared;
}

class VariableReader {
 public:
  VariableReader(const Model& model, const StoredSet* values)
      : graph_(*model.graph),
        values_(values),
        library_(graph_),
        saved_(saver_keys(graph_)),
        restored_(restore_function_keys(graph_, library_)),
        objects_(model.envelope.object_graph) {
    for (VariableDef& def : variable_defs(model.envelope)) {
      std::string node = def.node;
      defs_.emplace(std::move(node), std::move(def));
    }
    for (std::string& name : local_variables(model.envelope)) locals_.insert(std::move(name));
    if (values_ != nullptr) index_names();
  }

  std::vector<GraphVariable> run() {
    std::vector<GraphVariable> variables;
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (is_variable_op(graph_.op(id))) variables.push_back(read(id));
    }
    share_keys(variables);
    return variables;
  }

 private:
  void index_names() {
    std::set<std::string> twice;
    for (const StoredEntry& entry : values_->entries()) {
      if (!by_name_.emplace(entry.name, entry.key).second) twice.insert(entry.name);
    }
    for (const std::string& name : twice) by_name_.erase(name);
  }

  GraphVariable read(NodeId id) const {
    GraphVariable variable;
    variable.node = id;
    variable.name = graph_.name(id);
    variable.dtype = graph_.type_attr(id, "dtype").value_or(DType::invalid);
    variable.shape = declared_shape(graph_, id);
    variable.local = locals_.contains(variable.name);
    const auto def = defs_.find(variable.name);
    if (def != defs_.end()) {
      variable.trainable = def->second.trainable;
      variable.place = def->second.slice;
    }
    variable.keys = keys_of(variable, def == defs_.end() ? "" : def->second.whole);
    if (def == defs_.end()) look_at_object(variable);
    return variable;
  }

  void look_at_object(GraphVariable& variable) const {
    for (const std::string& key : variable.keys) {
      const SavedVariable* object = objects_.find(key);
      if (object == nullptr) continue;
      variable.object_name = object->name;
      variable.trainable = object->trainable;
      return;
    }
    variable.trainable = objects_.trainable(object_name(variable.node));
  }

  std::string object_name(NodeId id) const {
    const std::string shared = string_attr(graph_, id, "shared_name");
    return shared.empty() ? std::string(graph_.name(id)) : shared;
  }

  std::vector<std::string> keys_of(const GraphVariable& variable, const std::string& whole) const {
    for (const SaverKeys* known : {&saved_, &restored_}) {
      const auto found = known->find(variable.node);
      if (found != known->end()) return found->second;
    }
    if (values_ == nullptr || variable.local) return {};
    for (const std::string& name : {whole, variable.name, object_name(variable.node)}) {
      const auto named = by_name_.find(name);
      if (!name.empty() && named != by_name_.end()) return {named->second};
    }
    return {};
  }

  // A second handle of a variable that only the first one is saved by.
  void share_keys(std::vector<GraphVariable>& variables) const {
    std::unordered_map<std::string, const GraphVariable*> owners;
    for (const GraphVariable& variable : variables) {
      if (!variable.keys.empty()) owners.emplace(buffer_of(graph_, variable.node), &variable);
    }
    for (GraphVariable& variable : variables) {
      const std::string buffer = buffer_of(graph_, variable.node);
      const auto owner = owners.find(buffer);
      if (!variable.keys.empty() || buffer.empty() || owner == owners.end()) continue;
      variable.keys = owner->second->keys;
      variable.place = owner->second->place;
    }
  }

  const Graph& graph_;
  const StoredSet* values_;
  Library library_;
  SaverKeys saved_, restored_;
  SavedObjectGraph objects_;
  std::unordered_map<std::string, VariableDef> defs_;
  std::set<std::string> locals_;
  std::unordered_map<std::string, std::string> by_name_;  // keys; names that two have are left out
};

[[noreturn]] void fail_missing(const GraphVariable& variable) {
  const std::string key = variable.keys.empty() ? variable.name : variable.keys.front();
  throw Error(ErrorKind::missing_values,
              "has no value for variable " + thaw::quoted(variable.name) +
                  (key == variable.name ? "" : ", whose key is " + thaw::quoted(key)),
              "an entry for each variable of the graph",
              "are the graph and the checkpoint of one model, and of one save?");
}

[[noreturn]] void fail_other(const GraphVariable& variable, const Value& value) {
  throw Error(
      ErrorKind::malformed,
      "holds " + std::string(name_of(value.dtype())) + " " + value.shape().to_string() + " for variable " +
          thaw::quoted(variable.name),
      std::string(name_of(variable.dtype)) + " " + variable.shape.to_string() + ", as the graph declares it",
      "are the graph and the checkpoint of one model, and of one save?");
}

bool fits(const Shape& declared, const Shape& shape) {
  if (declared.unknown_rank()) return true;
  if (declared.rank() != shape.rank()) return false;
  for (std::size_t i = 0; i < shape.rank(); ++i) {
    if (declared.dims()[i] >= 0 && declared.dims()[i] != shape.dims()[i]) return false;
  }
  return true;
}

Value part_of(const GraphVariable& variable, const Value& whole) {
  if (whole.shape() != variable.place->full_shape) fail_other(variable, whole);
  std::vector<std::int64_t> start, lengths;
  for (std::size_t i = 0; i < variable.place->extents.size(); ++i) {
    const SliceExtent& extent = variable.place->extents[i];
    const std::int64_t dim = whole.shape().dims()[i];
    if (extent.start < 0 || extent.length < 0 || extent.start > dim || extent.length > dim - extent.start)
      fail_other(variable, whole);
    start.push_back(extent.start);
    lengths.push_back(extent.length);
  }
  return sliced_value(whole, start, Shape(std::move(lengths)));
}

}  // namespace

std::vector<GraphVariable> graph_variables(const Model& model, const StoredSet* values) {
  return VariableReader(model, values).run();
}

Value variable_value(const GraphVariable& variable, StoredSet& values) {
  try {
    const auto key = std::ranges::find_if(
        variable.keys, [&](const std::string& name) { return values.find(name) != nullptr; });
    if (key == variable.keys.end()) fail_missing(variable);
    const Value whole = values.value(*key);
    const Value value = variable.place ? part_of(variable, whole) : whole;
    if (value.dtype() != variable.dtype || !fits(variable.shape, value.shape())) fail_other(variable, value);
    return value;
  } catch (Error& error) {
    if (error.places().empty()) error.at(values.prefix().string());
    throw;
  }
}

}  // namespace thaw::internal
