#include "passes/expand_cases.h"

#include <map>

#include "draft/case_expansion.h"
#include "messages/free_names.h"
#include "model/model.h"

namespace thaw::internal {

namespace {

class CaseExpander {
 public:
  explicit CaseExpander(const std::shared_ptr<const Graph>& graph) : graph_(*graph), draft_(graph) {}

  void run() {
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (!is_case(graph_.op(id))) continue;
      if (const std::size_t branches = branches_of(graph_.node_def(id)); branches > 0) expand(id, branches);
    }
  }

  const Draft& draft() const { return draft_; }

 private:
  // What asks an index for its branches one after the other, each where the ones before it were not meant.
  struct Tests {
    std::string place;  // which the numbers wait for
    std::string index;  // as the next one takes it
    std::vector<std::string> names;
  };

  void expand(NodeId id, std::size_t branches) {
    const NodeDef node = draft_.node_def(id);
    const std::vector<std::string> is_branch = tests_for(id, branches - 1);
    std::vector<std::vector<Edge>> readers;
    for (std::uint32_t k = 0; k < branches; ++k) readers.push_back(draft_.consumers_of({id, k}));
    CaseExpansion made = expand_case(node, is_branch, free_scope(node.name));
    draft_.replace(id, std::move(made.first), {"K1", node.name, "_SwitchN written out"});
    for (NodeDef& part : made.added) add(std::move(part), "part of " + node.name);
    for (std::size_t k = 0; k < branches; ++k) {
      const InputName output = parse_input(made.outputs[k]);
      draft_.redirect_all(readers[k], id, {draft_.find(output.node), output.output}, "K1");
    }
  }

  // The same for all that turn by the same index: they are branches of one cond.
  std::vector<std::string> tests_for(NodeId id, std::size_t count) {
    const Edge index = graph_.inputs(id)[1];
    const auto [known, is_new] = tests_.try_emplace({index.node, index.port});
    Tests& tests = known->second;
    if (is_new) {
      tests.place = graph_.name(index.node);
      const Edge now = draft_.inputs(id)[1];
      tests.index = format_input(draft_.name_view(now.node), now.port);
    }
    while (tests.names.size() < count) add_test(tests);
    return {tests.names.begin(), tests.names.begin() + static_cast<std::ptrdiff_t>(count)};
  }

  void add_test(Tests& tests) {
    const std::string branch = std::to_string(tests.names.size());
    const auto name = [&](const char* part) { return draft_.unique_name(tests.place + part + branch); };
    if (!tests.names.empty())
      tests.index = add(guarded_index(name("/thaw_index_"), tests.index, tests.names.back()), "the index");
    const std::string number =
        add(branch_number(name("/thaw_branch_"), tests.place, tests.names.size()), "a branch's number");
    tests.names.push_back(
        add(branch_test(name("/thaw_is_"), tests.index, number), "whether it is that branch"));
  }

  std::string free_scope(const std::string& name) const {
    return FreeNames().next(name + "/expanded", [this](const std::string& scope) {
      return draft_.find(scope + "/1") != kNoNode || draft_.find(scope + "/2") != kNoNode;
    });
  }

  std::string add(NodeDef node, const std::string& what) {
    const std::string name = node.name;
    draft_.add(std::move(node), kNoNode, {"K1", name, what});
    return name;
  }

  const Graph& graph_;
  Draft draft_;
  std::map<std::pair<NodeId, std::uint32_t>, Tests> tests_;
};

}  // namespace

ExpandedCells expand_cases(const std::shared_ptr<const Graph>& graph) {
  CaseExpander expander(graph);
  expander.run();
  return reread(graph, expander.draft());
}

}  // namespace thaw::internal
