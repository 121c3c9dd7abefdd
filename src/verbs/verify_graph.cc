#include "verbs/verify_graph.h"

#include <algorithm>
#include <unordered_set>

#include "checks/node_names.h"
#include "compare/node_comparison.h"
#include "io/same_bytes.h"
#include "io/sparse_source.h"
#include "model/origin.h"
#include "passes/restore_origin.h"
#include "verbs/freeze_graph.h"
#include "verbs/graph_findings.h"
#include "verbs/rewrite.h"

namespace thaw::internal {

namespace {

// A checkpoint with zeros for numbers: the weights are compared by another check. Graphs that are frozen with
// it are small in memory, whatever the size of the weights.
class ZeroSet final : public StoredSet {
 public:
  explicit ZeroSet(const StoredSet& stored) {
    entries_ = stored.entries();
    format_ = stored.format();
    prefix_ = stored.prefix();
  }
  std::vector<std::filesystem::path> files() const override { return {}; }
  Value value(Bytes key) override {
    const StoredEntry* entry = find(key);
    if (entry == nullptr) throw Error(ErrorKind::bug, "there is no entry " + thaw::quoted(key));
    return Value::fill(entry->dtype, entry->shape, std::string(element_size(entry->dtype), '\0'));
  }
  void check(Bytes) override {}
};

ThawOptions thawing_options(const VerifyOptions& options) {
  ThawOptions thawing;
  thawing.thaw = options.thaw;
  thawing.keep = options.keep;
  thawing.rename = options.rename;
  thawing.rules = options.rules;
  thawing.scope = options.scope;
  thawing.strip_prefix = options.strip_prefix;
  return thawing;
}

// What thawing the model gives; nothing when the options are about other names than the model's.
std::optional<Recipe> thaw_again(const GraphToVerify& task, const VerifyOptions& options) {
  try {
    return write_meta_graph(rewrite(task.model, task.prefix, thawing_options(options)));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::usage) return std::nullopt;
    throw;
  }
}

// The nodes that nothing takes and that the other graph has, too.
std::vector<std::string> ends_of(const Graph& graph, const Graph& other) {
  std::vector<std::string> ends;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (graph.consumers(id).empty() && other.find(graph.name(id)) != kNoNode)
      ends.emplace_back(graph.name(id));
  }
  return ends;
}

// The share of the model's nodes that a graph has by name: below this it is another graph.
constexpr std::size_t kSameGraph = 90;  // percent

bool is_same_graph(const Graph& model, const Graph& meta) {
  std::size_t there = 0;
  for (NodeId id = 0; id < model.node_count(); ++id) there += meta.find(model.name(id)) == kNoNode ? 0 : 1;
  return there * 100 >= model.node_count() * kSameGraph;
}

class GraphVerifier {
 public:
  GraphVerifier(const GraphToVerify& task, const VerifyOptions& options, Findings& findings)
      : task_(task), options_(options), findings_(findings) {}

  void run() {
    if (task_.values == nullptr) {
      findings_.fail();
      return findings_.describe("not compared: the checkpoint cannot be opened, see the problems");
    }
    const std::optional<Recipe> again = thaw_again(task_, options_);
    if (again && again->size() == task_.meta.file->size() && !find_difference(*again, *task_.meta.file))
      return findings_.describe("byte for byte as thawed");
    const std::optional<OriginRecord> origin = read_origin(task_.meta.envelope);
    if (!origin && !is_same_graph(*task_.model.graph, *task_.meta.graph)) return tell_other_graph();
    if (compare_frozen(origin)) return;
    if (again) compare_with(*again);
  }

 private:
  void add(const std::string& node, FindingText text) {
    findings_.add(ProblemKind::changed, {task_.meta.file->name(), std::nullopt, {}, node}, std::move(text));
  }

  void tell_other_graph() {
    findings_.describe("not compared: the graph beside the checkpoint is another one");
    findings_.warn({task_.meta.file->name()},
                   "is not compared with the model: most of the model's nodes are not in it");
  }

  // False when it cannot be frozen, which has been told.
  bool compare_frozen(const std::optional<OriginRecord>& origin) {
    if (origin && !has_ends(*origin)) return false;
    try {
      const FrozenGraph frozen = freeze(origin);
      if (frozen.why_not_original.empty()) {
        compare(frozen, origin.value_or(OriginRecord()));
        return true;
      }
      add("",
          {"cannot be led back to the model: " + frozen.why_not_original, "the nodes as thawing left them"});
    } catch (const Error& error) {
      const bool of_graph = error.kind() == ErrorKind::usage || error.kind() == ErrorKind::missing_values;
      if (!of_graph) {
        findings_.add(error, {task_.meta.file->name()});
      } else {
        add("", {"cannot be frozen: " + error.problem(), error.expected()});
      }
    }
    return false;
  }

  // The outputs of the model have to be there for anything to lead back to it.
  bool has_ends(const OriginRecord& origin) {
    bool all = true;
    for (const std::string& end : origin.ends) {
      if (find_named(*task_.meta.graph, end) != kNoNode) continue;
      all = false;
      add(std::string(parse_input(end).node), {"is gone", "every node of the model"});
    }
    return all;
  }

  FrozenGraph freeze(const std::optional<OriginRecord>& origin) const {
    Subject subject;
    subject.path = task_.prefix.string();
    subject.values = std::make_unique<ZeroSet>(*task_.values);
    FreezeOptions freezing;
    if (!origin) freezing.outputs = ends_of(*task_.model.graph, *task_.meta.graph);
    const bool has_state = task_.model.carried && !task_.model.carried->state.empty();
    FrozenGraph frozen = freeze_graph(task_.meta, subject, freezing,
                                      has_state ? ChangedVariables::keep : ChangedVariables::refuse);
    if (!origin || !frozen.why_not_original.empty()) return frozen;
    OriginRecord asked = *origin;  // also the names that somebody asked for
    asked.renamed_by_user = false;
    if (origin->renamed_by_user) restore_names(frozen.draft, asked);
    return frozen;
  }

  void compare(const FrozenGraph& frozen, const OriginRecord& origin) {
    const std::string name = task_.meta.file->name();
    const std::shared_ptr<const Graph> graph =
        read_graph(sparse_source(frozen.draft.emit(), name + ", frozen"));
    std::unordered_set<std::string> weights;
    for (const VariableToFreeze& variable : frozen.variables)
      weights.insert(std::string(frozen.draft.name_view(variable.node)));
    GraphFindings tell{name, origin, {}};
    for (const FrozenInFunction& weight : frozen.in_functions)
      tell.weights_in_functions.emplace(weight.function, weight.node);
    CompareWishes wishes;
    wishes.known_values = &weights;
    wishes.stop = options_.stop;
    tell.all(compare_graphs(*task_.model.graph, *graph, wishes), findings_);
    for (const OriginNode& node : origin.nodes) compare_restored(node, tell);
  }

  // Freezing takes the node from the record where thawing had changed it: what the graph has may be another.
  void compare_restored(const OriginNode& node, const GraphFindings& tell) {
    const NodeId id = task_.meta.graph->find(node.node.name);
    if (id == kNoNode || node.weight || task_.meta.graph->op(id) != node.node.op) return;
    const NodeDef present = task_.meta.graph->node_def(id);
    const NameChanges names;
    NodeDifference found{node.node.name, "", node.node.op, {}};
    NodeComparison(names, {}).compare_attrs(node.node.attrs, present.attrs, node.node.op, present.op,
                                            found.parts);
    // What thawing changes: places, and how many join in a Merge (X5).
    std::erase_if(found.parts, [&](const PartDifference& part) {
      return part.name == "_class" || (part.name == "N" && present.op == "Merge");
    });
    tell.node(found, findings_);
  }

  // Node by node with what thawing gives; told only where that is the same graph but for a few nodes.
  void compare_with(const Recipe& again) {
    const Model thawed =
        open_model(Recipe(again).as_replaying_source(task_.meta.file->name() + ", thawed again"));
    CompareWishes wishes;
    wishes.stop = options_.stop;
    GraphDifference found = compare_graphs(*thawed.graph, *task_.meta.graph, wishes);
    found.nodes.added.clear();  // training adds nodes
    const std::size_t odd = found.nodes.removed.size() + found.nodes.changed.size();
    if ((odd + 1) * 10 > thawed.graph->node_count() + 10) return;
    GraphFindings{task_.meta.file->name(), OriginRecord(), {}}.all(found, findings_);
  }

  const GraphToVerify& task_;
  const VerifyOptions& options_;
  Findings& findings_;
};

}  // namespace

void verify_graph(const GraphToVerify& task, const VerifyOptions& options, Findings& findings) {
  findings.begin("frozen");
  findings.count(task.model.graph->node_count());
  GraphVerifier(task, options, findings).run();
}

}  // namespace thaw::internal
