#include "verbs/make_origin.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "io/same_bytes.h"
#include "messages/attr_value.h"
#include "passes/frozen_node.h"

namespace thaw::internal {

namespace {

// How a weight was encoded, as far as it was not the usual way.
TensorForm form_of(const TensorProto& tensor) {
  const Value& value = tensor.value;
  const bool usually_content = is_usually_content(value.dtype(), value.element_count());
  if (tensor.encoding == Encoding::content)
    return usually_content ? TensorForm{} : TensorForm{TensorForm::Kind::content};
  const auto count = static_cast<std::uint64_t>(value.element_count());
  if (tensor.encoding == Encoding::short_list) return {TensorForm::Kind::list, tensor.items};
  return usually_content ? TensorForm{TensorForm::Kind::list, count} : TensorForm{};
}

using Attrs = std::map<std::string, std::string>;

// Attributes in any order. Large tensors are never changed: their sizes tell them apart.
Attrs attrs_of(const NodeDef& node, bool with_shapes) {
  Attrs attrs;
  for (const NodeAttr& attr : node.attrs) {
    const std::optional<Bytes> value = attr.value.in_memory();
    attrs[attr.key] = value ? std::string(*value) : std::to_string(attr.value.size());
  }
  if (!with_shapes) attrs.erase("_output_shapes");
  return attrs;
}

class OriginMaker {
 public:
  OriginMaker(const Model& model, const Rewritten& rewritten)
      : was_(*model.graph),
        rewritten_(rewritten),
        draft_(rewritten.draft),
        plan_(rewritten.plan),
        functions_(*rewritten.library) {
    for (const Variable& variable : plan_.variables) variables_.emplace(variable.node, &variable);
    for (NodeId id = 0; !is_renamed_ && id < was_.node_count(); ++id)
      is_renamed_ = !draft_.is_removed(id) && draft_.name_view(id) != was_.name(id);
  }

  OriginRecord run() {
    const AllowedDifferences& allowed = rewritten_.allowed;
    origin_.pruned = allowed.pruned;
    origin_.devices_cleared = allowed.devices_cleared;
    origin_.frame_scope = allowed.frame_scope;
    for (const NodeId id : allowed.redeclared) origin_.redeclared.push_back(draft_.name(id));
    find_ends();
    for (NodeId id = 0; id < was_.node_count(); ++id) {
      if (!draft_.is_removed(id)) look_at(id);
    }
    add_functions();
    return std::move(origin_);
  }

 private:
  // Nodes that no other one takes. A loop that nothing leaves has none: one of its nodes does.
  void find_ends() {
    std::vector<bool> reached(was_.node_count());
    for (NodeId id = 0; id < was_.node_count(); ++id) {
      const auto stays = [&](const Edge& taker) { return !draft_.is_removed(taker.node); };
      if (!draft_.is_removed(id) && std::ranges::none_of(was_.consumers(id), stays)) add_end(id, reached);
    }
    for (NodeId id = 0; id < was_.node_count(); ++id) {
      if (!draft_.is_removed(id) && !reached[id]) add_end(id, reached);
    }
  }

  void add_end(NodeId end, std::vector<bool>& reached) {
    origin_.ends.push_back(draft_.name(end));
    std::vector<NodeId> work{end};
    reached[end] = true;
    while (!work.empty()) {
      const NodeId id = work.back();
      work.pop_back();
      for (const Edge& input : was_.inputs(id)) {
        if (reached[input.node]) continue;
        reached[input.node] = true;
        work.push_back(input.node);
      }
    }
  }

  void look_at(NodeId id) {
    const Bytes now = draft_.name_view(id);
    if (is_renamed_ && now != was_.name(id))
      origin_.renamed.push_back({std::string(now), std::string(was_.name(id))});
    const bool same_base = &draft_.base() == &was_ || draft_.base().skeleton(id) == was_.skeleton(id);
    if (same_base && !draft_.is_touched(id)) return;
    const auto variable = variables_.find(id);
    if (variable != variables_.end()) return look_at_weight(id, *variable->second);
    if (const Decision* tied = find_tied(id)) return add_weight(id, draft_.name(tied->tied_to));
    if (rewritten_.allowed.redeclared.contains(id)) return;
    NodeDef original = under_new_names(id);
    const NodeDef present = draft_.node_def(id);
    if (is_same(frozen(id, present), original)) return;
    note_splits(id);
    origin_.nodes.push_back({std::move(original), fingerprint_of(present), std::nullopt});
  }

  // Inputs that are a constant of their own now and were what has become a variable (C1).
  void note_splits(NodeId id) {
    const std::span<const Edge> before = was_.inputs(id), now = draft_.inputs_now(id);
    for (std::size_t i = 0; i < std::min(before.size(), now.size()); ++i) {
      const auto variable = variables_.find(before[i].node);
      const bool is_copy = variable != variables_.end() && !before[i].is_control() &&
                           draft_.is_added(now[i].node) && draft_.op(now[i].node) == "Const";
      if (!is_copy) continue;
      OriginSplit split{draft_.name(now[i].node), variable->second->name};
      const auto same = [&](const OriginSplit& known) { return known.copy == split.copy; };
      if (std::ranges::none_of(origin_.splits, same)) origin_.splits.push_back(std::move(split));
    }
  }

  const Decision* find_tied(NodeId id) const {
    const auto found = std::ranges::lower_bound(plan_.decisions, id, {}, &Decision::node);
    const bool is_tied =
        found != plan_.decisions.end() && found->node == id && found->verdict == Verdict::tied;
    return is_tied ? &*found : nullptr;
  }

  // Freezing makes a constant of a variable that has a type and a value, and neither place nor input; of one
  // that something changes it makes nothing.
  void look_at_weight(NodeId id, const Variable& variable) {
    const NodeDef original = was_.node_def(id);
    const bool is_plain = original.inputs.empty() && original.device.empty() && original.unknown.empty() &&
                          original.attrs.size() == 2 && original.find_attr("dtype") != nullptr;
    if (!is_plain || variable.ref || form_of(was_.tensor(id, "value")).kind != TensorForm::Kind::usual)
      add_weight(id, variable.name);
  }

  void add_weight(NodeId id, const std::string& variable) {
    NodeDef original = under_new_names(id);
    original.drop_attr("value");
    const TensorForm form = form_of(was_.tensor(id, "value"));
    origin_.nodes.push_back(
        {std::move(original), fingerprint_of(draft_.node_def(id)), OriginWeight{"", variable, form}});
  }

  // What freezing makes of a read.
  NodeDef frozen(NodeId id, const NodeDef& present) const {
    const auto inputs = draft_.inputs_now(id);
    if (present.op != "ReadVariableOp" || inputs.empty() || inputs[0].is_control()) return present;
    const auto variable = variables_.find(inputs[0].node);
    if (variable == variables_.end()) return present;
    const Value& value = plan_.checkpoint.blobs[variable->second->blob];
    const FrozenSlots slots{{0, {variable->second->name, value.dtype(), value.shape(), false}}};
    return freeze_node(present, slots, {functions_, [](const std::string& wanted) { return wanted; }}).node;
  }

  // Shapes written down behind an input that was declared anew are gone for good.
  bool is_same(const NodeDef& a, const NodeDef& b) const {
    const bool with_shapes = rewritten_.allowed.redeclared.empty();
    return a.op == b.op && a.inputs == b.inputs && a.device == b.device && a.unknown == b.unknown &&
           attrs_of(a, with_shapes) == attrs_of(b, with_shapes);
  }

  NodeDef under_new_names(NodeId id) const {
    NodeDef node = was_.node_def(id);
    if (rewritten_.allowed.devices_cleared) node.device.clear();
    if (!is_renamed_) return node;
    node.name = draft_.name(id);
    for (std::string& input : node.inputs) {
      const InputName name = parse_input(input);
      const std::string now = draft_.name(was_.find(name.node));
      input = name.is_control ? "^" + now : format_input(now, name.output);
    }
    move_places(node);
    if (const NodeAttr* frame = node.find_attr("frame_name");
        frame != nullptr && !rewritten_.allowed.frame_scope.empty()) {
      const std::string value = frame->value.bytes();
      const std::string name = std::string(attr_as_string(value).value_or(""));
      node.set_attr("frame_name", attr_of_string(rewritten_.allowed.frame_scope + name));
    }
    return node;
  }

  void move_places(NodeDef& node) const {
    const NodeAttr* attr = node.find_attr("_class");
    if (attr == nullptr) return;
    const std::string value = attr->value.bytes();
    std::vector<std::string> places;
    for (const Bytes place : attr_as_strings(value)) {
      const NodeId id = place.starts_with("loc:@") ? was_.find(place.substr(5)) : kNoNode;
      places.push_back(id == kNoNode ? std::string(place) : "loc:@" + draft_.name(id));
    }
    node.set_attr("_class", attr_of_strings(places));
  }

  // All of the library where anything of it was changed; functions that are still there by name alone.
  void add_functions() {
    const Library& library = *rewritten_.library;
    origin_.beside_nodes = library.graph_rest().bytes();
    if (&draft_.base() == &was_ || same_bytes(draft_.base().rest(), was_.rest())) return;
    const Library present(draft_.base());
    origin_.has_functions = true;
    origin_.beside_functions = library.other().bytes();
    const auto weights = weights_of_functions();
    for (std::size_t i = 0; i < library.functions().size(); ++i) {
      const FunctionDef& function = library.functions()[i];
      const std::size_t kept = present.find(function.name);
      const auto inside = weights.find(i);
      if (kept != kNoFunction && same_bytes(present.field(kept), library.field(i))) {
        origin_.functions.push_back({function.name, {}, {}});
      } else if (inside == weights.end()) {
        origin_.functions.push_back({function.name, library.field(i), {}});
      } else {
        origin_.functions.push_back(without_values(function, inside->second));
      }
    }
  }

  struct InnerWeight {
    std::size_t node;
    std::string variable;
    TensorForm form;
  };
  using InnerWeights = std::unordered_map<std::size_t, std::vector<InnerWeight>>;  // by function

  // Those that became variables: they stand in the graph now, behind what was there.
  InnerWeights weights_of_functions() const {
    InnerWeights weights;
    for (const auto& [view_node, node] : rewritten_.handed_down.places) {
      const auto variable = variables_.find(node);
      const FunctionPlace* place = rewritten_.view.find_place(view_node);
      if (variable == variables_.end() || place == nullptr) continue;
      const TensorForm form = form_of(rewritten_.view.graph->tensor(view_node, "value"));
      weights[place->function].push_back({place->node, variable->second->name, form});
    }
    for (auto& [function, list] : weights) std::ranges::sort(list, {}, &InnerWeight::node);
    return weights;
  }

  static OriginFunction without_values(FunctionDef function, const std::vector<InnerWeight>& weights) {
    OriginFunction made{function.name, {}, {}};
    for (const InnerWeight& weight : weights) {
      FunctionNode& node = function.nodes[weight.node];
      node.node.drop_attr("value");
      node.field = Recipe();
      made.weights.push_back({node.node.name, weight.variable, weight.form});
    }
    made.definition = encode_function(function);
    return made;
  }

  const Graph& was_;
  const Rewritten& rewritten_;
  const Draft& draft_;
  const Plan& plan_;
  mutable FrozenFunctions functions_;  // of reads, none is ever asked for
  std::unordered_map<NodeId, const Variable*> variables_;
  bool is_renamed_ = false;
  OriginRecord origin_;
};

}  // namespace

OriginRecord make_origin(const Model& model, const Rewritten& rewritten, const ThawOptions& options) {
  OriginRecord origin = OriginMaker(model, rewritten).run();
  origin.renamed_by_user = !options.rename.empty() || !options.rules.empty() || !options.scope.empty() ||
                           !options.strip_prefix.empty();
  origin.float_ops = model.stored && model.stored->has_float_ops;
  return origin;
}

}  // namespace thaw::internal
