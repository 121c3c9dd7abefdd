// RaiseBody: one function of a loop or cond, from the nodes that it takes.
#pragma once

#include "passes/raise_slices.h"

namespace thaw::internal {

class RaiseBody {
 public:
  // `which` of the two functions.
  RaiseBody(RaiseTensors& tensors, Constructs& constructs, RaiseSlices& slices, const Construct& owner,
            unsigned which);

  FunctionDef write(const std::vector<RaiseItem>& order);

 private:
  std::string free_name(std::string wanted) const;
  void declare_arguments();
  void declare_argument(const std::string& name, DType type, const Shape& shape);
  void write_node(NodeId id);
  void write_construct(const Construct& construct);
  void write_results();
  void give(std::string value, DType type);
  void give_control(const std::string& node);
  std::string tensor(const Edge& origin) const;
  std::string wait(NodeId node) const;
  std::string number_of_branch(std::uint32_t number);

  RaiseTensors& tensors_;
  Constructs& constructs_;
  RaiseSlices& slices_;
  const Construct& owner_;
  unsigned which_;
  ContextId scope_;
  FunctionDef function_;
  std::vector<std::string> variables_, captures_;  // what the arguments are called
};

}  // namespace thaw::internal
