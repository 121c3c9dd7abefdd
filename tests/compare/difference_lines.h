// What differs between two graphs, a line each: "+ name op", "- name op", "y input 0: x -> z".
#pragma once

#include <string>
#include <vector>

#include "thaw/graph_difference.h"

namespace thaw::internal {

using Lines = std::vector<std::string>;

inline std::string part_line(const std::string& place, const PartDifference& part) {
  std::string line = place + " " + std::string(name_of(part.part));
  if (!part.name.empty()) line += " " + part.name;
  line += ": " + part.from + " -> " + part.to;
  if (!part.delta) return line;
  line += " (" + std::to_string(part.delta->changed) + " of " + std::to_string(part.delta->elements);
  if (part.delta->largest) line += ", " + std::to_string(*part.delta->largest);
  if (part.delta->not_finite > 0) line += ", odd " + std::to_string(part.delta->not_finite);
  return line + ")";
}

inline void add_nodes(const std::string& scope, const NodesDifference& nodes, Lines& lines) {
  for (const NamedNode& node : nodes.removed) lines.push_back("- " + scope + node.name + " " + node.op);
  for (const NamedNode& node : nodes.added) lines.push_back("+ " + scope + node.name + " " + node.op);
  for (const NodeDifference& node : nodes.changed) {
    const std::string place = scope + node.name + (node.other_name.empty() ? "" : "=" + node.other_name);
    for (const PartDifference& part : node.parts) lines.push_back(part_line(place, part));
  }
}

inline Lines lines_of(const GraphDifference& found) {
  Lines lines;
  add_nodes("", found.nodes, lines);
  if (found.frozen + found.left_out > 0)
    lines.push_back("frozen " + std::to_string(found.frozen) + ", left out " +
                    std::to_string(found.left_out));
  for (const std::string& name : found.functions_removed) lines.push_back("- function " + name);
  for (const std::string& name : found.functions_added) lines.push_back("+ function " + name);
  for (const FunctionRename& renamed : found.functions_renamed)
    lines.push_back("function " + renamed.name + "=" + renamed.other_name);
  for (const FunctionDifference& function : found.functions_changed) {
    const std::string name = function.name + (function.other_name.empty() ? "" : "=" + function.other_name);
    for (const PartDifference& part : function.parts) lines.push_back(part_line(name, part));
    add_nodes(name + "/", function.nodes, lines);
  }
  for (const PartDifference& part : found.versions) lines.push_back(part_line("graph", part));
  for (const PartDifference& part : found.library) lines.push_back(part_line("library", part));
  return lines;
}

}  // namespace thaw::internal
