#include "checks/check_saver.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "checks/node_names.h"
#include "ops/variable_op.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kFewSteps = 8;  // from what is saved to its variable

bool is_save(Bytes op) { return op == "SaveV2" || op == "SaveSlices" || op == "Save"; }
bool is_restore(Bytes op) { return op == "RestoreV2" || op == "RestoreSlice" || op == "Restore"; }
bool passes_on(Bytes op) { return op == "Identity" || op == "Reshape"; }
bool is_assign(Bytes op) { return op == "AssignVariableOp" || op == "Assign"; }

// SaverDef: 1 filename_tensor_name, 2 save_tensor_name, 3 restore_op_name.
struct SaverNames {
  std::array<std::string, 3> names;
};

SaverNames read_saver(Bytes message) {
  SaverNames saver;
  MessageReader reader(message);
  for (FieldView field; reader.next(field);) {
    if (field.type == WireType::length_delimited && field.number >= 1 && field.number <= 3)
      saver.names[field.number - 1] = field.payload;
  }
  return saver;
}

// One tensor of a save or restore node.
struct NamedTensor {
  std::string key;
  std::string spec;  // of a slice; empty for a whole tensor
  DType dtype = DType::invalid;
};

class SaverChecker {
 public:
  SaverChecker(const Model& model, const StoredTensors& stored, const std::string& file, Findings& findings)
      : graph_(*model.graph),
        saver_(model.envelope.saver),
        stored_(stored),
        file_(file),
        findings_(findings) {}

  std::set<std::string> run() {
    if (saver_.empty()) return {};
    const SaverNames saver = read_saver(saver_);
    std::vector<NodeId> ends;
    for (const std::string& name : saver.names) {
      const NodeId node = find_named(graph_, name);
      if (node != kNoNode) {
        ends.push_back(node);
      } else if (!name.empty()) {
        add(ProblemKind::missing, "", name, {"the Saver names it, and it is not in the graph", "its nodes"});
      }
    }
    const std::vector<NodeId> nodes = behind(ends);
    for (const NodeId node : nodes) {
      if (is_save(graph_.op(node))) check_save(node);
    }
    for (const NodeId node : nodes) {
      if (is_restore(graph_.op(node))) check_restore(node);
    }
    for (const auto& [variable, keys] : saved_) {
      if (restored_.contains(variable)) continue;
      add(ProblemKind::missing, keys.begin()->substr(0, keys.begin()->find('\n')),
          std::string(graph_.name(variable)),
          {"is saved by the Saver, and nothing assigns what is restored to it",
           "both ways for every variable"});
    }
    return std::move(keys_);
  }

 private:
  void add(ProblemKind kind, std::string key, std::string node, FindingText text) {
    findings_.add(kind, {file_, std::nullopt, std::move(key), std::move(node)}, std::move(text));
  }

  // What a node needs, itself included, as far as the variables.
  std::vector<NodeId> behind(const std::vector<NodeId>& ends) const {
    std::vector<bool> seen(graph_.node_count());
    std::vector<NodeId> open = ends, found;
    while (!open.empty()) {
      const NodeId node = open.back();
      open.pop_back();
      if (seen[node]) continue;
      seen[node] = true;
      found.push_back(node);
      if (is_variable_op(graph_.op(node))) continue;
      for (const Edge& input : graph_.inputs(node)) open.push_back(input.node);
    }
    std::ranges::sort(found);
    return found;
  }

  std::vector<std::string> strings_of(const Edge& edge) const {
    std::vector<std::string> strings;
    const std::optional<TensorHead> head = graph_.tensor_head(edge.node, "value");
    if (edge.is_control() || graph_.op(edge.node) != "Const" || !head || head->dtype != DType::string)
      return strings;
    graph_.tensor(edge.node, "value").value.for_each_string([&](Bytes text) { strings.emplace_back(text); });
    return strings;
  }

  // Inputs: 0 the file, 1 names, 2 slices (not of Save and Restore), then what is saved.
  std::vector<NamedTensor> tensors_of(NodeId node, const std::vector<DType>& dtypes) {
    const auto inputs = graph_.inputs(node);
    const bool sliced = graph_.op(node) != "Save" && graph_.op(node) != "Restore";
    std::vector<NamedTensor> tensors;
    if (inputs.size() < (sliced ? 3u : 2u)) return tensors;
    const std::vector<std::string> names = strings_of(inputs[1]);
    const std::vector<std::string> specs =
        sliced ? strings_of(inputs[2]) : std::vector<std::string>(names.size());
    if (names.empty()) return tensors;  // told while it runs
    if (names.size() != dtypes.size() || names.size() != specs.size()) {
      add(ProblemKind::mismatch, "", std::string(graph_.name(node)),
          {std::to_string(names.size()) + " names, " + std::to_string(specs.size()) + " slices and " +
               std::to_string(dtypes.size()) + " types",
           "as many of each"});
    }
    const std::size_t count = std::min({names.size(), dtypes.size(), specs.size()});
    for (std::size_t i = 0; i < count; ++i) tensors.push_back({names[i], specs[i], dtypes[i]});
    return tensors;
  }

  std::vector<DType> dtypes_of(NodeId node, const char* list, const char* single) const {
    if (const std::optional<Bytes> attr = graph_.attr(node, list)) return attr_as_types(*attr);
    const std::optional<DType> dtype = graph_.type_attr(node, single);
    return dtype ? std::vector<DType>{*dtype} : std::vector<DType>{};
  }

  void check_tensor(NodeId node, const NamedTensor& tensor) {
    keys_.insert(tensor.key);
    const auto found = stored_.tensors.find(tensor.key);
    const std::string name(graph_.name(node));
    if (found == stored_.tensors.end()) {
      if (!stored_.all) return;
      return add(ProblemKind::missing, tensor.key, name,
                 {"the Saver names an entry that the checkpoint does not have",
                  "every entry that is restored", "is this the graph of the same model?"});
    }
    const TensorKind& kind = found->second;
    if (kind.dtype != tensor.dtype) {
      add(ProblemKind::mismatch, tensor.key, name,
          {"is " + std::string(name_of(kind.dtype)) + " in the checkpoint",
           std::string(name_of(tensor.dtype)) + ", as the Saver has it"});
    }
    // "4 2 0,2:-": the shape of the whole, then the slice.
    const std::size_t slice = tensor.spec.rfind(' ');
    if (slice == std::string::npos) return;
    std::string shape;
    for (const std::int64_t dim : kind.shape.dims()) shape += std::to_string(dim) + " ";
    if (shape != tensor.spec.substr(0, slice + 1)) {
      add(ProblemKind::mismatch, tensor.key, name,
          {"has the shape " + kind.shape.to_string() + " in the checkpoint",
           "that of the Saver's slice " + thaw::quoted(tensor.spec)});
    }
  }

  void check_save(NodeId node) {
    const auto inputs = graph_.inputs(node);
    const Bytes op = graph_.op(node);
    const std::vector<NamedTensor> tensors =
        tensors_of(node, dtypes_of(node, op == "SaveV2" ? "dtypes" : "T", "T"));
    const std::size_t first = op == "Save" ? 2 : 3;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      check_tensor(node, tensors[i]);
      if (i + first >= inputs.size() || inputs[i + first].is_control()) continue;
      const NodeId variable = variable_behind(inputs[i + first].node);
      if (variable != kNoNode) saved_[variable].insert(tensors[i].key + "\n" + tensors[i].spec);
    }
  }

  NodeId variable_behind(NodeId node) const {
    for (std::size_t steps = 0; steps < kFewSteps; ++steps) {
      if (is_variable_op(graph_.op(node))) return node;
      const auto inputs = graph_.inputs(node);
      const bool passes = graph_.op(node) == "Identity" || graph_.op(node) == "ReadVariableOp";
      if (!passes || inputs.empty() || inputs.front().is_control()) break;
      node = inputs.front().node;
    }
    return kNoNode;
  }

  void check_restore(NodeId node) {
    const std::vector<NamedTensor> tensors =
        tensors_of(node, dtypes_of(node, graph_.op(node) == "RestoreV2" ? "dtypes" : "", "dt"));
    for (const NamedTensor& tensor : tensors) check_tensor(node, tensor);
    for (const Edge& taker : graph_.consumers(node)) {
      if (!taker.is_control()) check_taker(node, taker, tensors);
    }
  }

  // The variable that one output of a restore node ends in.
  void check_taker(NodeId restore, Edge taker, const std::vector<NamedTensor>& tensors) {
    const Edge taken = graph_.inputs(taker.node)[taker.port];
    for (std::size_t steps = 0; steps < kFewSteps && passes_on(graph_.op(taker.node)); ++steps) {
      const auto takers = graph_.consumers(taker.node);
      const auto next = std::ranges::find_if(takers, [](const Edge& edge) { return !edge.is_control(); });
      if (next == takers.end()) return;
      taker = *next;
    }
    if (!is_assign(graph_.op(taker.node)) || taker.port != 1 || taken.port >= tensors.size()) return;
    const NodeId variable = variable_behind(graph_.inputs(taker.node)[0].node);
    const auto saved = variable == kNoNode ? saved_.end() : saved_.find(variable);
    restored_.insert(variable);
    const NamedTensor& tensor = tensors[taken.port];
    if (saved == saved_.end() || saved->second.contains(tensor.key + "\n" + tensor.spec)) return;
    const std::string& other = *saved->second.begin();
    add(ProblemKind::mismatch, tensor.key, std::string(graph_.name(variable)),
        {"is restored from it by " + thaw::quoted(graph_.name(restore)),
         "the entry that it is saved as, " + thaw::quoted(other.substr(0, other.find('\n')))});
  }

  const Graph& graph_;
  Bytes saver_;
  const StoredTensors& stored_;
  const std::string& file_;
  Findings& findings_;
  std::set<std::string> keys_;
  std::map<NodeId, std::set<std::string>> saved_;  // "key\nslice"
  std::set<NodeId> restored_;
};

}  // namespace

std::set<std::string> check_saver(const Model& model, const StoredTensors& stored, const std::string& file,
                                  Findings& findings) {
  return SaverChecker(model, stored, file, findings).run();
}

}  // namespace thaw::internal
