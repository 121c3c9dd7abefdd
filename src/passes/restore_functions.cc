#include "passes/restore_functions.h"

#include <algorithm>
#include <unordered_set>

#include "model/call_site.h"
#include "model/model.h"
#include "passes/tensor_attr.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

// Functions beside each other, as a library of their own.
std::shared_ptr<const Library> library_of(Recipe rest) {
  const SourcePtr source = std::move(rest).as_replaying_source("functions");
  return std::make_shared<const Library>(*read_graph(source));
}

Recipe in_library(Recipe functions, Bytes beside_functions, Bytes beside_nodes) {
  functions.add(std::string(beside_functions));
  if (functions.empty()) return Recipe(std::string(beside_nodes));
  std::string header;
  append_header(header, 2, functions.size());
  Recipe rest(std::move(header));
  rest.add(std::move(functions));
  rest.add(std::string(beside_nodes));
  return rest;
}

class FunctionRestorer {
 public:
  FunctionRestorer(Draft& draft, const OriginRecord& origin, const ValueOf& value_of)
      : draft_(draft), origin_(origin), value_of_(value_of), present_(draft.base()) {}

  RestoredFunctions run() {
    if (!origin_.has_functions) {
      draft_.set_rest(in_library(present_.fields(), present_.other().bytes(), origin_.beside_nodes));
      return {};
    }
    Recipe functions;
    std::unordered_set<std::string> names;
    for (const OriginFunction& function : origin_.functions) {
      names.insert(function.name);
      functions.add(restored(function));
    }
    add_others(names, functions);
    Recipe rest = in_library(std::move(functions), origin_.beside_functions, origin_.beside_nodes);
    done_.library = library_of(rest);
    draft_.set_rest(std::move(rest));
    return std::move(done_);
  }

 private:
  Recipe restored(const OriginFunction& function) {
    if (function.definition.empty()) return present_.field(present_.find(function.name));
    if (function.weights.empty()) return function.definition;
    const auto alone = library_of(in_library(function.definition, "", ""));
    FunctionDef definition = alone->functions().front();
    for (const OriginWeight& weight : function.weights) {
      const auto node = std::ranges::find(definition.nodes, weight.node,
                                          [](const FunctionNode& one) { return one.node.name; });
      if (node == definition.nodes.end()) continue;
      node->node.set_attr("value", tensor_attr(value_of_(weight.variable).value(), weight.form));
      node->field = Recipe();
      done_.weights.push_back({definition.name, weight.node, weight.variable});
    }
    return encode_function(definition);
  }

  // Functions that are not of the original and that something still names: somebody else's.
  void add_others(std::unordered_set<std::string>& names, Recipe& functions) const {
    std::vector<std::size_t> work;
    for (const NodeId id : draft_.order()) {
      for (const std::size_t function : named_functions(draft_.node_def(id), present_))
        work.push_back(function);
    }
    while (!work.empty()) {
      const FunctionDef& function = present_.functions()[work.back()];
      const Recipe& field = present_.field(work.back());
      work.pop_back();
      if (!names.insert(function.name).second) continue;
      functions.add(field);
      for (const FunctionNode& node : function.nodes) {
        for (const std::size_t named : named_functions(node.node, present_)) work.push_back(named);
      }
    }
  }

  Draft& draft_;
  const OriginRecord& origin_;
  const ValueOf& value_of_;
  const Library present_;
  RestoredFunctions done_;
};

}  // namespace

RestoredFunctions restore_functions(Draft& draft, const OriginRecord& origin, const ValueOf& value_of) {
  return FunctionRestorer(draft, origin, value_of).run();
}

}  // namespace thaw::internal
