// StoredForm: what a graph was in its file, where it was opened as one that computes with wider numbers.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "model/graph.h"

namespace thaw::internal {

// A weight that the file has in another type.
struct StoredWeight {
  std::string node;  // the constant, in the wider graph
  DType dtype = DType::invalid;
  std::string rule;  // Q1, Q2 or Q3
  std::string from;  // the constant in the file
};

struct StoredChange {
  std::string rule, node, what;
};

struct StoredForm {
  std::shared_ptr<const Graph> graph;  // the file's
  std::vector<StoredWeight> weights;   // sorted by node
  std::vector<StoredChange> changes;
  std::vector<std::string> left;        // what could be a constant of a wider type, and is no weight
  bool has_float_ops = false;           // parts of few bits became float
  std::size_t float_ops = 0;            // operations on floats that were operations on few bits
  std::size_t roundings = 0;            // among them: what rounded
  std::vector<std::string> parts_left;  // why a part of few bits stays: a sentence each

  const StoredWeight* find(const std::string& node) const {
    const auto found = std::ranges::lower_bound(weights, node, {}, &StoredWeight::node);
    return found == weights.end() || found->node != node ? nullptr : &*found;
  }
};

}  // namespace thaw::internal
