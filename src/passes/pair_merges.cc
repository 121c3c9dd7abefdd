#include "passes/pair_merges.h"

#include <map>

#include "messages/attr_value.h"
#include "passes/node_templates.h"

namespace thaw::internal {

namespace {

class PairMaker {
 public:
  PairMaker(Draft& draft, const Contexts& contexts, NodeId merge)
      : draft_(draft), contexts_(contexts), merge_(merge), node_(draft.node_def(merge)) {}

  bool run() {
    if (!find_pairs()) return false;
    write();
    return true;
  }

 private:
  // A number below that of the inputs is an input; the others are pairs.
  struct Pair {
    std::size_t when_false, when_true;
  };
  // Sorted: the deepest branch stands last.
  using Place = std::pair<std::uint32_t, ContextId>;

  Place place_of(ContextId id) const { return {contexts_.tree().depth(id), id}; }

  // From the deepest branch outwards; what joins two of them lies around both.
  bool find_pairs() {
    const std::vector<Edge> inputs = draft_.inputs(merge_);
    for (; count_ < inputs.size() && !inputs[count_].is_control(); ++count_) {
      if (!open_.try_emplace(place_of(contexts_.behind(inputs[count_])), count_).second) return false;
    }
    while (open_.size() > 1) {
      if (!join(open_.rbegin()->first.second)) return false;
    }
    return open_.begin()->first.second == contexts_.of(merge_);
  }

  bool join(ContextId branch) {
    if (!contexts_.tree().is_branch(branch)) return false;
    const Contexts::Cond& cond = contexts_.cond(branch);
    const auto no = open_.find(place_of(cond.branch(0))), yes = open_.find(place_of(cond.branch(1)));
    if (no == open_.end() || yes == open_.end()) return false;
    pairs_.push_back({no->second, yes->second});
    open_.erase(no);
    open_.erase(yes);
    return open_.try_emplace(place_of(cond.outer), count_ + pairs_.size() - 1).second;
  }

  void write() {
    std::vector<std::string> names(node_.inputs.begin(),
                                   node_.inputs.begin() + static_cast<std::ptrdiff_t>(count_));
    for (std::size_t i = 0; i + 1 < pairs_.size(); ++i)
      names.push_back(add({names[pairs_[i].when_false], names[pairs_[i].when_true]}));
    std::vector<std::string> inputs{names[pairs_.back().when_false], names[pairs_.back().when_true]};
    inputs.insert(inputs.end(), node_.inputs.begin() + static_cast<std::ptrdiff_t>(count_),
                  node_.inputs.end());
    node_.inputs = std::move(inputs);
    node_.set_attr("N", attr_of_int(2));
    const std::string name = node_.name;
    draft_.replace(merge_, std::move(node_), {"X7", name, "joins its branches two by two"});
  }

  std::string add(std::vector<std::string> inputs) {
    NodeDef node = make_node(draft_.unique_name(node_.name + "/thaw_pair"), node_.op, std::move(inputs));
    node.device = node_.device;
    node.set_attr("T", node_.find_attr("T")->value);
    node.set_attr("N", attr_of_int(2));
    const std::string name = node.name;
    draft_.add(std::move(node), merge_, {"X7", name, "joins two branches"});
    return name;
  }

  Draft& draft_;
  const Contexts& contexts_;
  NodeId merge_;
  NodeDef node_;
  std::size_t count_ = 0;
  std::map<Place, std::size_t> open_;
  std::vector<Pair> pairs_;
};

bool is_wide(const Draft& draft, const Contexts& contexts, NodeId id) {
  if (contexts.structure().kind(id) != FlowKind::merge || contexts.structure().is_loop_merge(id))
    return false;
  const auto inputs = draft.inputs_now(id);
  const auto data = data_input_count(inputs);
  return data > 2 && draft.consumers_of({id, 1}).empty() && draft.attr(id, "T").has_value();
}

}  // namespace

bool join_in_pairs(Draft& draft, const Contexts& contexts) {
  bool any = false;
  const auto limit = static_cast<NodeId>(draft.id_limit());
  for (NodeId id = 0; id < limit; ++id) {
    if (is_wide(draft, contexts, id)) any = PairMaker(draft, contexts, id).run() || any;
  }
  return any;
}

}  // namespace thaw::internal
