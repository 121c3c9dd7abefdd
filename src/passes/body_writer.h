// BodyWriter: one function with calls and cells of it written out.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "passes/function_bodies.h"

namespace thaw::internal {

class BodyWriter {
 public:
  BodyWriter(FunctionBodies& bodies, const FunctionDef& function, const Sites& sites, bool expand_cells);

  FunctionBody run();
  const std::vector<Change>& changes() const { return changes_; }

 private:
  void write(std::size_t index);
  void write_out_call(const NodeDef& call, const CallSite& site);
  void write_out_cell(const NodeDef& cell);
  bool is_taken(const std::string& name) const { return names_.contains(name); }
  void append(std::vector<NodeDef> added, NodeDef result);
  void move_readers();
  bool moves(std::string& input) const;

  FunctionBodies& bodies_;
  const FunctionDef& was_;
  const Sites& sites_;
  bool expand_cells_;
  FunctionBody body_;
  std::unordered_set<std::string> names_;
  std::unordered_map<std::string, const NodeDef*> replaced_;
  std::vector<Change> changes_;
};

}  // namespace thaw::internal
