#include "verbs/graph_findings.h"

#include <algorithm>

namespace thaw::internal {

namespace {

std::string text_of(const PartDifference& part) {
  const auto shown = [](const std::string& text) {
    return text.empty() ? std::string("absent") : escaped(text);
  };
  const std::string name = part.name.empty() ? "" : " " + thaw::quoted(part.name);
  if (part.delta) {
    return std::string(name_of(part.part)) + name + ": " + std::to_string(part.delta->changed) + " of " +
           std::to_string(part.delta->elements) + " elements differ from the model's";
  }
  return std::string(name_of(part.part)) + name + " is " + shown(part.to) + ", in the model " +
         shown(part.from);
}

}  // namespace

void GraphFindings::add(const std::string& node, std::string what, Findings& findings) const {
  findings.add(ProblemKind::changed, {file, std::nullopt, {}, node},
               {std::move(what), "the node as it is in the model once the graph is frozen"});
}

void GraphFindings::all(const GraphDifference& found, Findings& findings) const {
  nodes(found.nodes, "", findings);
  for (const std::string& name : found.functions_removed)
    add("", "function " + thaw::quoted(name) + " of the model is gone", findings);
  for (const std::string& name : found.functions_added)
    add("", "function " + thaw::quoted(name) + " is not in the model", findings);
  for (const FunctionDifference& function : found.functions_changed) {
    for (const PartDifference& part : function.parts)
      add("", "in function " + thaw::quoted(function.name) + ": " + text_of(part), findings);
    nodes(function.nodes, function.name, findings);
  }
  for (const auto* parts : {&found.versions, &found.library}) {
    for (const PartDifference& part : *parts) add("", "of the graph: " + text_of(part), findings);
  }
}

void GraphFindings::nodes(const NodesDifference& found, const std::string& function,
                          Findings& findings) const {
  const std::string where = function.empty() ? "" : "in function " + thaw::quoted(function) + ": ";
  for (const NamedNode& node : found.removed) {
    if (!origin.pruned || !function.empty())
      add(node.name, where + "is gone; it is " + escaped(node.op) + " in the model", findings);
  }
  for (const NamedNode& node : found.added)
    add(node.name, where + "is " + escaped(node.op) + " and not in the model", findings);
  for (const NodeDifference& node : found.changed) parts(node, function, findings);
}

void GraphFindings::parts(const NodeDifference& node, const std::string& function, Findings& findings) const {
  const std::string where = function.empty() ? "" : "in function " + thaw::quoted(function) + ": ";
  for (const PartDifference& part : node.parts) {
    const bool weight = part.part == NodePart::value && weights_in_functions.contains({function, node.name});
    if (!weight && !is_allowed(node.name, part)) add(node.name, where + text_of(part), findings);
  }
}

bool GraphFindings::is_allowed(const std::string& node, const PartDifference& part) const {
  if (part.part == NodePart::device) return origin.devices_cleared && part.to.empty();
  if (part.part != NodePart::attribute) return false;
  if (part.name == "frame_name" && !origin.frame_scope.empty()) return true;
  const auto was_called = [&](const std::string& name) {
    const auto renamed = std::ranges::find(origin.renamed, name, &OriginName::now);
    return renamed == origin.renamed.end() ? name : renamed->was;
  };
  return part.name == "shape" && std::ranges::any_of(origin.redeclared, [&](const std::string& name) {
           return was_called(name) == node;
         });
}

}  // namespace thaw::internal
