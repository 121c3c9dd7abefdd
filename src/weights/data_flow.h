// DataFlow: which nodes depend on what is fed or drawn at run time, and which only on constants; and which
// have a weighted operation (convolution, product, table) before them.
#pragma once

#include <vector>

#include "model/graph.h"

namespace thaw::internal {

class DataFlow {
 public:
  explicit DataFlow(const Graph& graph);

  bool depends_on_data(NodeId id) const { return data_[id]; }
  // Some input of the weighted operations upstream; false close to the model's inputs.
  bool is_behind_weights(NodeId id) const { return behind_[id]; }
  // A graph without any input, such as a test of one operation, where nothing can be told by data.
  bool has_data() const { return has_data_; }

 private:
  std::vector<bool> data_, behind_;
  bool has_data_ = false;
};

}  // namespace thaw::internal
