#include "verbs/verify_graph.h"

#include <algorithm>
#include <unordered_set>

#include "compare/compare_graphs.h"
#include "io/same_bytes.h"
#include "verbs/freeze_graph.h"
#include "verbs/rewrite.h"

namespace thaw::internal {

namespace {

// A checkpoint whose numbers do not matter here: the weights are compared by another check, and what cannot
// be read of them is told there.
class LenientSet final : public StoredSet {
 public:
  explicit LenientSet(StoredSet& stored) : stored_(stored) {
    entries_ = stored.entries();
    format_ = stored.format();
    prefix_ = stored.prefix();
  }
  std::vector<std::filesystem::path> files() const override { return stored_.files(); }
  Value value(Bytes key) override {
    try {
      return stored_.value(key);
    } catch (const Error& error) {
      const StoredEntry* entry = find(key);
      if (error.kind() == ErrorKind::bug || entry == nullptr) throw;
      if (entry->dtype == DType::string) return Value::fill(entry->dtype, entry->shape, "");
      return Value::fill(entry->dtype, entry->shape, std::string(element_size(entry->dtype), '\0'));
    }
  }
  void check(Bytes) override {}

 private:
  StoredSet& stored_;
};

// Whether the file is, byte for byte, what thawing the model gives.
bool is_as_thawed(const GraphToVerify& task, const VerifyOptions& options) {
  ThawOptions thawing;
  thawing.thaw = options.thaw;
  thawing.keep = options.keep;
  thawing.rename = options.rename;
  thawing.rules = options.rules;
  thawing.scope = options.scope;
  thawing.strip_prefix = options.strip_prefix;
  try {
    const Recipe recipe = write_meta_graph(rewrite(task.model, task.prefix, thawing));
    return recipe.size() == task.meta.file->size() && !find_difference(recipe, *task.meta.file);
  } catch (const Error& error) {
    // Options that are about other names than the model's.
    if (error.kind() == ErrorKind::usage) return false;
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
    Subject subject;
    subject.path = task_.prefix.string();
    subject.values = std::make_unique<LenientSet>(*task_.values);
    FreezeOptions freezing;
    if (!is_same_graph(*task_.model.graph, *task_.meta.graph)) return tell_other_graph();
    freezing.outputs = ends_of(*task_.model.graph, *task_.meta.graph);
    compare(freeze_graph(task_.meta, subject, freezing));
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

  void compare(const FrozenGraph& frozen) {
    const std::shared_ptr<const Graph> graph =
        read_graph(frozen.draft.emit().as_replaying_source(task_.meta.file->name() + ", frozen"));
    std::unordered_set<std::string> weights;
    for (const VariableToFreeze& variable : frozen.variables)
      weights.insert(std::string(frozen.draft.name_view(variable.node)));
    CompareWishes wishes;
    wishes.known_values = &weights;
    wishes.stop = options_.stop;
    const GraphDifference found = compare_graphs(*task_.model.graph, *graph, wishes);
    for (const NamedNode& node : found.nodes.removed)
      add(node.name, {"is gone: " + node.op + " in the model", "every node of the model"});
    for (const NamedNode& node : found.nodes.added)
      add(node.name, {"is not in the model: " + node.op, "the nodes of the model"});
    for (const NodeDifference& node : found.nodes.changed) tell(node, "");
  }

  void tell(const NodeDifference& node, const std::string& function) {
    for (const PartDifference& part : node.parts) {
      add(node.name, {(function.empty() ? "" : "in function " + thaw::quoted(function) + ": ") + text_of(part),
                      "as in the model"});
    }
  }

  static std::string text_of(const PartDifference& part) {
    return std::string(name_of(part.part)) + (part.name.empty() ? "" : " " + thaw::quoted(part.name)) +
           " is " + (part.to.empty() ? "absent" : part.to) + ", not " +
           (part.from.empty() ? "absent" : part.from);
  }

  const GraphToVerify& task_;
  const VerifyOptions& options_;
  Findings& findings_;
};

}  // namespace

void verify_graph(const GraphToVerify& task, const VerifyOptions& options, Findings& findings) {
  findings.begin("frozen");
  findings.count(task.model.graph->node_count());
  if (is_as_thawed(task, options)) return findings.describe("byte for byte as thawed");
  GraphVerifier(task, options, findings).run();
}

}  // namespace thaw::internal
