#include "verbs/find_dropouts.h"

#include <algorithm>
#include <array>
#include <map>

#include "names/scopes.h"

namespace thaw::internal {

namespace {

bool has_word(Bytes text, Bytes word) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  return !std::ranges::search(text, word, same).empty();
}

// Up to the innermost scope that is called after dropout; empty where there is none.
Bytes dropout_scope(Bytes name) {
  Bytes scope;
  for (const Bytes component : components_of(name)) {
    const auto end = static_cast<std::size_t>(component.data() + component.size() - name.data());
    if (end < name.size() && has_word(component, "dropout")) scope = name.substr(0, end);
  }
  return scope;
}

bool is_random(Bytes op) { return op.starts_with("Random") || op.starts_with("StatelessRandom"); }

// A number or a switch that says how much is kept, where data comes in by other placeholders.
bool is_dial(const Draft& draft, NodeId id) {
  constexpr auto kWords = std::to_array<Bytes>({"keep", "rate", "drop", "train", "phase"});
  const Bytes op = draft.op(id), name = last_component(draft.name_view(id));
  if (op != "PlaceholderWithDefault" && op != "Placeholder") return false;
  return std::ranges::any_of(kWords, [&](Bytes word) { return has_word(name, word); });
}

struct DropoutPlace {
  NodeId first = kNoNode;
  std::vector<NodeId> nodes;
};

class DropoutFinder {
 public:
  explicit DropoutFinder(const Draft& draft) : draft_(draft) {}

  std::vector<ReportedDropout> run() {
    for (NodeId id = 0; id < draft_.base().node_count(); ++id) {
      if (draft_.is_removed(id)) continue;
      const Bytes scope = dropout_scope(draft_.name_view(id));
      if (scope.empty() || draft_.op(id) == "Const") continue;
      DropoutPlace& place = places_[scope];
      if (place.nodes.empty()) place.first = id;
      place.nodes.push_back(id);
    }
    std::vector<std::pair<NodeId, ReportedDropout>> found;
    for (const auto& [scope, place] : places_) {
      if (std::optional<ReportedDropout> dropout = describe(scope, place))
        found.emplace_back(place.first, std::move(*dropout));
    }
    std::ranges::sort(found, {}, [](const auto& entry) { return entry.first; });
    std::vector<ReportedDropout> dropouts;
    for (auto& [first, dropout] : found) dropouts.push_back(std::move(dropout));
    return dropouts;
  }

 private:
  std::optional<ReportedDropout> describe(Bytes scope, const DropoutPlace& place) const {
    ReportedDropout dropout{std::string(scope), "", DropoutState::passes, ""};
    for (const NodeId id : place.nodes) {
      if (is_random(draft_.op(id))) dropout.state = DropoutState::drops;
      if (draft_.op(id) != "Identity" && dropout.state == DropoutState::passes)
        dropout.state = DropoutState::scales;
      if (leaves(id, scope)) dropout.tensor = tensor_name(draft_.name_view(id), 0);
      for (const Edge& input : draft_.inputs_now(id)) {
        if (is_dial(draft_, input.node)) dropout.dial = tensor_name(draft_.name_view(input.node), 0);
      }
    }
    return dropout.tensor.empty() ? std::nullopt : std::optional(std::move(dropout));
  }

  // Its value goes on: to nodes of other scopes, or to nobody, as the outputs of graphs do.
  bool leaves(NodeId id, Bytes scope) const {
    const auto takers = draft_.consumers_now(id);
    const auto is_outside = [&](const Edge& taker) {
      return !taker.is_control() && !is_below(draft_.name_view(taker.node), scope);
    };
    return takers.empty() || std::ranges::any_of(takers, is_outside);
  }

  const Draft& draft_;
  std::map<Bytes, DropoutPlace> places_;
};

}  // namespace

std::vector<ReportedDropout> find_dropouts(const Draft& draft) { return DropoutFinder(draft).run(); }

}  // namespace thaw::internal
