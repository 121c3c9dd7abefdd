// What differs between a model and a graph that was frozen again, as findings.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "checks/findings.h"
#include "compare/compare_graphs.h"
#include "model/origin.h"

namespace thaw::internal {

struct GraphFindings {
  std::string file;
  const OriginRecord& origin;                                          // what the user asked to be different
  std::set<std::pair<std::string, std::string>> weights_in_functions;  // function, node: compared elsewhere

  // One problem for each part of a node that differs.
  void all(const GraphDifference& found, Findings& findings) const;
  // The same for one node of the graph.
  void node(const NodeDifference& found, Findings& findings) const { parts(found, "", findings); }

 private:
  void parts(const NodeDifference& node, const std::string& function, Findings& findings) const;
  void nodes(const NodesDifference& found, const std::string& function, Findings& findings) const;
  bool is_allowed(const std::string& node, const PartDifference& part) const;
  void add(const std::string& node, std::string what, Findings& findings) const;
};

}  // namespace thaw::internal
