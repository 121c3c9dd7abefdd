#include "passes/frozen_function.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "draft/library_edit.h"
#include "messages/attr_value.h"
#include "messages/free_names.h"
#include "passes/frozen_node.h"
#include "tensor/shape.h"
#include "thaw/error.h"
#include "wire/message_reader.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

// Where a tensor of a function comes from.
struct Producer {
  bool is_argument = false;
  std::size_t index = 0;  // of the argument or node
  std::uint32_t output = 0;
  auto operator<=>(const Producer&) const = default;
};

class FunctionFreezer {
 public:
  FunctionFreezer(const FunctionDef& function, FrozenFunctions& functions)
      : functions_(functions), done_{function, {}, {}} {
    for (std::size_t i = 0; i < function.inputs.size(); ++i) arguments_.emplace(function.inputs[i].name, i);
    for (std::size_t i = 0; i < function.nodes.size(); ++i) nodes_.emplace(function.nodes[i].node.name, i);
    for (std::size_t i = 0; i < function.nodes.size(); ++i) note_takers(i);
    for (const FunctionReturn& result : function.returns) {
      if (const std::optional<Producer> producer = find(result.value)) takers_[*producer];
    }
  }

  FrozenFunction run(const FrozenSlots& arguments) {
    for (const auto& [index, value] : arguments) arrive({true, index, 0}, value);
    for (std::size_t next = 0; next < work_.size(); ++next) spread(work_[next]);
    note_results();
    freeze_nodes();
    rename_reads();
    retype(arguments);
    return std::move(done_);
  }

 private:
  FunctionDef& function() { return done_.function; }
  NodeDef& node(std::size_t index) { return function().nodes[index].node; }

  std::optional<Producer> find(const std::string& input) const {
    const FunctionInput parts = parse_function_input(input);
    if (parts.is_control) return std::nullopt;
    const std::string name(parts.node);
    if (const auto found = nodes_.find(name); found != nodes_.end())
      return Producer{false, found->second, number_of(found->second, parts)};
    if (const auto found = arguments_.find(name); found != arguments_.end())
      return Producer{true, found->second, 0};
    return std::nullopt;
  }

  // The number of an output that is named by its argument: those of operations that pass variables on.
  std::uint32_t number_of(std::size_t index, const FunctionInput& input) const {
    if (input.output == "output_true" || input.output == "value_index") return 1;
    const Library& library = functions_.library();
    const std::size_t callee = library.find(done_.function.nodes[index].node.op);
    if (callee == kNoFunction || input.output.empty()) return input.number;
    const std::vector<FunctionArg>& outputs = library.functions()[callee].outputs;
    const auto named = std::ranges::find(outputs, input.output, &FunctionArg::name);
    return named == outputs.end() ? input.number : static_cast<std::uint32_t>(named - outputs.begin());
  }

  void note_takers(std::size_t index) {
    const std::vector<std::string>& inputs = node(index).inputs;
    for (std::uint32_t slot = 0; slot < inputs.size(); ++slot) {
      if (const std::optional<Producer> producer = find(inputs[slot]))
        takers_[*producer].push_back({index, slot});
    }
  }

  void arrive(const Producer& tensor, const FrozenValue& value) {
    const auto [known, is_new] = values_.emplace(tensor, value);
    if (is_new) work_.push_back(tensor);
    if (is_new || known->second.shape == value.shape) return;
    if (!known->second.shape.unknown_rank()) work_.push_back(tensor);
    known->second.shape = Shape::of_unknown_rank();
  }

  void spread(const Producer& tensor) {
    const FrozenValue value = values_.at(tensor);
    const auto takers = takers_.find(tensor);
    if (takers == takers_.end()) return;
    for (const auto& [index, slot] : takers->second) {
      taken_[index].insert_or_assign(slot, value);
      spread_through(index, slot, value);
    }
  }

  void spread_through(std::size_t index, std::uint32_t slot, const FrozenValue& value) {
    const VariableUse use = use_of_variable(node(index).op, slot, false);
    const std::optional<CallSite> site =
        use == VariableUse::call ? find_call_site(node(index), functions_.library()) : std::nullopt;
    for (auto next = takers_.lower_bound({false, index, 0}); next != takers_.end(); ++next) {
      const Producer& output = next->first;
      if (output.is_argument || output.index != index) break;
      const bool given = site && functions_.given_back(*site, output.output) == slot - site->first_argument;
      if (given || passes_on(use, slot, output.output)) arrive(output, value);
    }
  }

  void note_results() {
    for (std::uint32_t i = 0; i < function().outputs.size(); ++i) {
      const std::string* result = function().find_return(function().outputs[i].name);
      const std::optional<Producer> producer = result == nullptr ? std::nullopt : find(*result);
      const auto value = producer ? values_.find(*producer) : values_.end();
      if (value != values_.end()) done_.results.emplace(i, value->second);
    }
  }

  std::string unique_name(const std::string& wanted) {
    std::string name = free_names_.next(
        wanted, [this](const std::string& n) { return nodes_.contains(n) || arguments_.contains(n); });
    nodes_.emplace(name, function().nodes.size());
    return name;
  }

  void freeze_nodes() {
    const FrozenPlace place{functions_, [this](const std::string& wanted) { return unique_name(wanted); },
                            false, true};
    for (const auto& [index, values] : taken_) {
      const VariableUse use = use_of_variable(node(index).op, values.begin()->first, false);
      FrozenNode frozen = freeze_node(node(index), values, place);
      if (use == VariableUse::read || use == VariableUse::is_set) renamed_.insert(index);
      done_.changes.push_back({frozen.rule, frozen.node.name, frozen.what});
      function().nodes[index] = {std::move(frozen.node), {}};
      if (frozen.axis) {
        done_.changes.push_back({frozen.rule, frozen.axis->name, "its axis"});
        function().nodes.push_back({std::move(*frozen.axis), {}});
      }
    }
  }

  // Inside functions outputs are taken by their names: "value" of a read is "output" of an Identity.
  bool rename_read(std::string& input) const {
    const FunctionInput parts = parse_function_input(input);
    const auto found = nodes_.find(std::string(parts.node));
    const bool is_renamed = !parts.is_control && !parts.output.empty() && found != nodes_.end() &&
                            renamed_.contains(found->second);
    if (is_renamed) input = std::string(parts.node) + ":output:0";
    return is_renamed;
  }

  void rename_reads() {
    for (FunctionNode& changed : function().nodes) {
      for (std::string& input : changed.node.inputs) {
        if (rename_read(input)) changed.field = Recipe();
      }
    }
    for (FunctionReturn& result : function().returns) rename_read(result.value);
  }

  void retype(const FrozenSlots& arguments) {
    for (const auto& [index, value] : arguments) {
      FunctionArg& argument = function().inputs[index];
      argument = make_argument(argument.name, value.dtype);
    }
    for (const auto& [index, value] : done_.results) {
      FunctionArg& result = function().outputs[index];
      result = make_argument(result.name, value.dtype);
    }
    retype_rest(arguments);
    for (NodeAttr& attr : function().attrs) {
      if (attr.key == "_input_shapes") attr.value = Recipe(with_shapes(attr.value.bytes(), arguments));
    }
    forget_twins(function());
  }

  static std::string with_shapes(Bytes list, const FrozenSlots& arguments) {
    std::string changed;
    std::uint32_t at = 0;
    MessageReader reader(view_attr(list).payload);
    for (FieldView field; reader.next(field);) {
      const auto value = field.is_bytes(7) ? arguments.find(at++) : arguments.end();
      changed += value == arguments.end() ? std::string(field.whole)
                                          : shape_in_list(encode_shape(value->second.shape));
    }
    return with_appended({}, changed);
  }

  // FunctionDef: 7 arg_attr and 8 resource_arg_unique_id, maps by the argument's number.
  void retype_rest(const FrozenSlots& arguments) {
    std::string rest;
    MessageReader reader(function().rest);
    for (FieldView field; reader.next(field);) {
      std::uint64_t index = 0;
      MessageReader entry(field.is_bytes(7) || field.is_bytes(8) ? field.payload : Bytes());
      for (FieldView part; entry.next(part);) index = part.is(1, WireType::varint) ? part.scalar : index;
      const bool is_of_argument = field.is_bytes(7) || field.is_bytes(8);
      if (!is_of_argument || !arguments.contains(static_cast<std::uint32_t>(index))) rest.append(field.whole);
    }
    for (const auto& [index, value] : arguments)
      rest += encode_argument_shape(index, encode_shape(value.shape));
    function().rest = std::move(rest);
  }

  FrozenFunctions& functions_;
  FrozenFunction done_;
  std::unordered_map<std::string, std::size_t> arguments_, nodes_;
  FreeNames free_names_;
  std::map<Producer, std::vector<std::pair<std::size_t, std::uint32_t>>> takers_;
  std::map<Producer, FrozenValue> values_;
  std::vector<Producer> work_;
  std::map<std::size_t, FrozenSlots> taken_;  // by node
  std::set<std::size_t> renamed_;             // nodes whose output has another name now
};

}  // namespace

FrozenFunction freeze_function(const FunctionDef& function, const FrozenSlots& arguments,
                               FrozenFunctions& functions) {
  return FunctionFreezer(function, functions).run(arguments);
}

}  // namespace thaw::internal
