#include "passes/rest_of_bodies.h"

#include "messages/function_ref.h"

namespace thaw::internal {

// Functions that are in the library but never called may be there for somebody: they stay.
RestOfBodies::RestOfBodies(const Library& library, const FunctionCalls& calls, const FunctionBodies& bodies)
    : library_(library),
      bodies_(bodies),
      old_stays_(library.functions().size()),
      new_stays_(library.functions().size()) {
  for (std::size_t i = 0; i < old_stays_.size(); ++i) {
    const std::string& old_name = library.functions()[i].name;
    if (bodies.of(i).is_changed) new_names_.emplace(bodies.of(i).function.name, i);
    if (!calls.is_executed(i) || library.has_gradient(old_name)) name(old_name);
  }
}

void RestOfBodies::name(Bytes function) {
  if (const auto found = new_names_.find(std::string(function)); found != new_names_.end()) {
    if (!new_stays_[found->second]) work_.push_back(&bodies_.of(found->second).function);
    new_stays_[found->second] = true;
  } else if (const std::size_t old = library_.find(function); old != kNoFunction) {
    if (!old_stays_[old]) work_.push_back(&library_.functions()[old]);
    old_stays_[old] = true;
  }
}

void RestOfBodies::name(const NodeDef& node) {
  name(node.op);
  for (const NodeAttr& attr : node.attrs) {
    const std::optional<Bytes> value = attr.value.in_memory();
    if (!value) continue;  // a large tensor
    for (const Bytes function : referred_functions(*value)) name(function);
  }
}

void RestOfBodies::keep(const NodeDef& node) {
  name(node);
  follow();
}

void RestOfBodies::follow() {
  while (!work_.empty()) {
    const FunctionDef& function = *work_.back();
    work_.pop_back();
    for (const FunctionNode& node : function.nodes) name(node.node);
  }
}

Recipe RestOfBodies::run() {
  follow();
  Recipe functions;
  for (std::size_t i = 0; i < old_stays_.size(); ++i) {
    if (old_stays_[i]) functions.add(library_.field(i));
    if (new_stays_[i]) functions.add(encode_function(bodies_.of(i).function));
  }
  return library_.rest_with(std::move(functions));
}

}  // namespace thaw::internal
