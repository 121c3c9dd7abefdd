// The nodes that variables and savers are made of, with exactly the attributes TensorFlow's own graphs have
// (core/ops/state_ops.cc, resource_variable_ops.cc, io_ops.cc; python/training/saver.py).
#pragma once

#include <string>
#include <vector>

#include "messages/node_def.h"
#include "thaw/tensor.h"

namespace thaw::internal {

NodeDef make_node(std::string name, Bytes op, std::vector<std::string> inputs = {});
// `loc:@X` as the only member of _class.
void colocate(NodeDef& node, const std::string& with);

NodeDef make_constant(std::string name, const Value& value);
// One element, repeated over the shape.
NodeDef make_fill_constant(std::string name, DType dtype, const Shape& shape, Bytes element);
NodeDef make_string_constant(std::string name, const std::string& text);
NodeDef make_string_list(std::string name, const std::vector<std::string>& texts);
NodeDef make_identity(std::string name, std::string input, DType dtype);
NodeDef make_handle(const std::string& name, DType dtype, const Shape& shape);
NodeDef make_ref_variable(const std::string& name, DType dtype, const Shape& shape);
NodeDef make_read(std::string name, const std::string& variable, DType dtype);
NodeDef make_assign(std::string name, const std::string& variable, std::string value, DType dtype,
                    bool resource);

// The element that initialisers fill with: NaN for real and complex numbers, zero bytes for the rest, "" for
// strings.
std::string loud_element(DType dtype);

}  // namespace thaw::internal
