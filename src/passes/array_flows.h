// ArrayFlows: which operations belong to which TensorArray, and the way that its handle and its flow take to
// them (core/ops/data_flow_ops.cc; python/ops/tensor_array_ops.py, _GraphTensorArray).
#pragma once

#include <map>

#include "passes/raise_problems.h"

namespace thaw::internal {

// What makes an array: TensorArrayV3, and what stood for it before. Those give no flow: it begins with a
// constant (python/ops/tensor_array_ops.py of TensorFlow 0.12).
bool is_array_op(Bytes op);

// What an operation of a TensorArray has where, in all its versions.
struct ArrayOp {
  Bytes op;  // without its version
  std::uint32_t data_inputs;
  std::uint32_t flow_in;  // its slot; kControl when it takes none
  bool gives_flow;
};
const ArrayOp* find_array_op(Bytes op);

class ArrayFlows {
 public:
  ArrayFlows(const Draft& draft, const Contexts& contexts);

  struct Array {
    NodeId node;
    bool is_whole = true;                      // everything about it is understood
    Edge begin;                                // of its flow; of none when nothing takes it
    std::vector<NodeId> ops;                   // operations on it
    std::vector<NodeId> led_handle, led_flow;  // what passes the handle on, what passes the flow on
  };
  std::vector<Array>& arrays() { return arrays_; }

 private:
  using Number = std::uint32_t;

  void follow_handle(Number array);
  void find_begin(Number array);
  void follow_flow(Number array);
  void lead(std::vector<Edge>& work, NodeId node);
  void check_flows(Array& array, Number number);
  bool has_one_writer(const Array& array);
  Edge state_of(Edge flow);

  const Draft& draft_;
  const Contexts& contexts_;
  std::vector<Array> arrays_;
  std::unordered_map<std::uint64_t, Number> handles_, flows_;
  std::unordered_map<NodeId, Number> by_op_;
};

}  // namespace thaw::internal
