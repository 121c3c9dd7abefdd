// A graph thawed in memory: the nodes of its `.meta`, as lines, and what was recorded on the way.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "compare/prove_calls.h"
#include "compare/prove_cases.h"
#include "compare/prove_cells.h"
#include "compare/prove_functions.h"
#include "model/model.h"
#include "support/graph_text.h"
#include "support/node_lines.h"
#include "verbs/rewrite.h"

namespace thaw::internal {

using Lines = std::vector<std::string>;

struct Thawed {
  Rewritten done;
  std::string meta;
  std::shared_ptr<const Graph> graph;

  std::string line(const std::string& name) const { return node_lines::line_of(*graph, name); }
  Lines lines() const { return node_lines::lines_of(*graph); }
  Lines lines_with(const std::string& part) const {
    Lines found = lines();
    std::erase_if(found, [&](const std::string& text) { return text.find(part) == std::string::npos; });
    return found;
  }
  // "V1 w", sorted.
  std::multiset<std::string> changes() const {
    std::multiset<std::string> all;
    for (const Change& change : done.handed_down.changes) all.insert(change.rule + " " + change.node);
    for (const auto* changes :
         {&done.written_calls.changes, &done.expanded.changes, &done.expanded_cases.changes}) {
      for (const Change& change : *changes) all.insert(change.rule + " " + change.node);
    }
    for (const auto& change : done.draft.changes())
      all.insert(std::string(change.rule) + " " + std::string(change.node));
    return all;
  }
};

inline Thawed thaw_bytes(const std::string& bytes, const ThawOptions& options = {}) {
  const Model model = open_model(memory_source(bytes, "m.pb"));
  Rewritten done = rewrite(model, "models/m", options);
  std::string meta = write_meta_graph(done).bytes();
  const Model again = open_model(memory_source(meta, "m.meta"));
  const WrittenGraph written(memory_source(meta, "m.meta"), done.draft.base());
  prove_graph(done.draft, written, done.plan, done.allowed);
  prove_calls(*done.handed_down.graph, *done.written_calls.graph);
  prove_cells(*done.written_calls.graph, *done.expanded.graph);
  prove_cases(*done.expanded.graph, *done.expanded_cases.graph);
  const bool calls_stay = done.written_calls.graph == done.handed_down.graph;
  prove_functions(*model.graph, *done.library, *done.handed_down.graph,
                  calls_stay ? written.others() : *done.handed_down.graph);
  prove_same_functions(*done.written_calls.graph, written.others());
  return {std::move(done), std::move(meta), again.graph};
}

inline Thawed thaw_text(const std::string& text, const ThawOptions& options = {}) {
  return thaw_bytes(graph_text::graph_bytes(text), options);
}

inline ThawOptions in_ref_style() {
  ThawOptions options;
  options.style = VariableStyle::ref;
  return options;
}

}  // namespace thaw::internal
