#include "passes/body_writer.h"

#include <algorithm>

#include "draft/call_expansion.h"
#include "draft/cell_expansion.h"
#include "draft/function_cells.h"
#include "model/flat_output.h"
#include "thaw/error.h"

namespace thaw::internal {

BodyWriter::BodyWriter(FunctionBodies& bodies, const FunctionDef& function, const Sites& sites,
                       bool expand_cells)
    : bodies_(bodies), was_(function), sites_(sites), expand_cells_(expand_cells) {
  for (const FunctionNode& node : function.nodes) names_.insert(node.node.name);
  for (const FunctionArg& arg : function.inputs) names_.insert(arg.name);
  for (const FunctionArg& arg : function.outputs) names_.insert(arg.name);
}

FunctionBody BodyWriter::run() {
  body_.function = was_;
  body_.function.nodes.clear();
  for (std::size_t i = 0; i < was_.nodes.size(); ++i) write(i);
  if (!replaced_.empty()) move_readers();
  return std::move(body_);
}

void BodyWriter::write(std::size_t index) {
  const FunctionNode& node = was_.nodes[index];
  const auto site = sites_.find(index);
  if (site == sites_.end()) {
    const bool is_written_out = expand_cells_ && is_expandable(node.node);
    if (is_written_out) return write_out_cell(node.node);
    body_.function.nodes.push_back(node);
    return;
  }
  const std::string shown = thaw::quoted(node.node.name) + " in function " + thaw::quoted(was_.name);
  const auto taken = [&](const std::string& name) { return is_taken(name); };
  if (bodies_.writes_out(node.node, site->second, shown, taken))
    return write_out_call(node.node, site->second);
  body_.function.nodes.push_back(node);
  if (!bodies_.follows(site->second)) return;
  FunctionNode& call = body_.function.nodes.back();
  bodies_.follow(call.node, site->second);
  call.field = Recipe();
  body_.is_changed = true;
  changes_.push_back({"F2", call.node.name, "calls another function"});
}

void BodyWriter::write_out_call(const NodeDef& call, const CallSite& site) {
  const FunctionDef& callee = bodies_.of(site.callees[0].function).function;
  CallExpansion made = expand_call(call, callee, {true, false}, bodies_.library());
  replaced_.emplace(call.name, &call);
  changes_.push_back({"F5", call.name, "call of " + callee.name + " written out"});
  append(std::move(made.added), std::move(made.result));
}

void BodyWriter::write_out_cell(const NodeDef& cell) {
  const auto taken = [&](const std::string& name) { return is_taken(name); };
  CellExpansion made = expand_cell_in_function(cell, free_cell_scope(cell, taken));
  replaced_.emplace(cell.name, &cell);
  changes_.push_back({"K1", cell.name, cell.op + " written out"});
  append(std::move(made.added), std::move(made.cell));
}

void BodyWriter::append(std::vector<NodeDef> added, NodeDef result) {
  for (NodeDef& node : added) {
    names_.insert(node.name);
    body_.function.nodes.push_back({std::move(node), {}});
  }
  body_.function.nodes.push_back({std::move(result), {}});
  body_.is_changed = true;
}

// What stands for a node gives all its outputs as one list.
bool BodyWriter::moves(std::string& input) const {
  const FunctionInput parts = parse_function_input(input);
  const auto found = parts.is_control ? replaced_.end() : replaced_.find(std::string(parts.node));
  if (found == replaced_.end()) return false;
  const std::uint32_t number = flat_output(*found->second, parts, bodies_.library());
  std::string now = found->first + ":output:" + std::to_string(number);
  if (now == input) return false;
  input = std::move(now);
  return true;
}

void BodyWriter::move_readers() {
  for (FunctionNode& node : body_.function.nodes) {
    bool moved = false;
    for (std::string& input : node.node.inputs) moved = moves(input) || moved;
    if (moved) node.field = Recipe();
  }
  for (FunctionReturn& value : body_.function.returns) moves(value.value);
}

}  // namespace thaw::internal
