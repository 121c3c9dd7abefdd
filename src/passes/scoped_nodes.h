// ScopedNodes: adds nodes below a scope to a draft. What its methods give is the name of a tensor.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "draft/draft.h"

namespace thaw::internal {

class ScopedNodes {
 public:
  using Attrs = std::vector<std::pair<Bytes, std::string>>;

  // Every change is noted under `rule`, which has to outlive this, as `what`.
  ScopedNodes(Draft& draft, std::string scope, const char* rule, std::string what)
      : draft_(draft), scope_(std::move(scope)), rule_(rule), what_(std::move(what)) {}

  std::string write(const std::string& name, Bytes op, std::vector<std::string> inputs, Attrs attrs);
  // The node as it is, under this scope.
  std::string write(NodeDef node);
  // Gives `when_true` or `when_false`; `condition` is a scalar.
  std::string select(const std::string& name, DType dtype, const std::string& condition,
                     const std::string& when_true, const std::string& when_false);
  std::string cast(const std::string& name, const std::string& tensor, DType from, DType to);
  std::string reshape(const std::string& name, const std::string& tensor, DType dtype, const Shape& shape);
  std::string integers(const std::string& name, const std::vector<std::int64_t>& numbers);
  std::string integer(const std::string& name, std::int32_t number);
  std::string real(const std::string& name, DType dtype, double number);

  void set_device(Bytes device) { device_ = device; }

 private:
  Draft& draft_;
  std::string scope_;
  const char* rule_;
  std::string what_, device_;
};

}  // namespace thaw::internal
