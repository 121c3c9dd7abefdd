// CarriedVariables: what a model that was opened to be thawed knows of variables that its file had: they are
// constants in its graph, and become variables again whatever else is thought of them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/graph.h"
#include "thaw/checkpoint.h"

namespace thaw::internal {

struct CarriedVariable {
  Value value;                      // of the checkpoint; its checksum is verified on the way
  std::optional<bool> trainable;    // nothing when the file does not say
  std::string whole;                // of a part of a partitioned variable: the name of the whole
  std::optional<SlicePlace> place;  // and where in it the part is
  std::string name = {};            // of the object that held it; empty: its node's is the name
};

// An entry of the checkpoint that no node of the graph needs: what an optimizer kept, a step.
struct CarriedEntry {
  std::string key;
  Value value;
};

struct CarriedVariables {
  std::map<NodeId, CarriedVariable> constants;  // by node: constants in the graph
  std::map<NodeId, CarriedVariable> state;      // variables still, because the graph changes them
  std::vector<CarriedEntry> others;             // sorted by key
  std::string values_path;   // the checkpoint's prefix; empty when nothing was read from it
  std::size_t left_out = 0;  // nodes of the file that the graph does not have
  std::vector<std::string> warnings;
  std::vector<std::filesystem::path> files;  // that were read

  const CarriedVariable* find(NodeId constant) const {
    const auto found = constants.find(constant);
    return found == constants.end() ? nullptr : &found->second;
  }
};

// The same for another graph of the model, by the names of nodes.
std::shared_ptr<const CarriedVariables> carried_into(const std::shared_ptr<const CarriedVariables>& carried,
                                                     const Graph& was, const Graph& is);

}  // namespace thaw::internal
