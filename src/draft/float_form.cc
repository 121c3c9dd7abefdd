#include "draft/float_form.h"

#include <algorithm>
#include <utility>

#include "messages/attr_value.h"
#include "tensor/number_element.h"
#include "tensor/tensor_proto.h"

namespace thaw::internal {

namespace {

NodeDef limit(const NodeDef& node, const std::string& name, float number) {
  NodeDef constant;
  constant.name = name;
  constant.op = "Const";
  constant.device = node.device;
  for (const std::string& input : node.inputs) {
    if (input.starts_with('^')) constant.inputs.push_back(input);
  }
  constant.set_attr("dtype", attr_of_type(DType::float32));
  constant.set_attr("value", attr_of_tensor(write_fill(DType::float32, Shape(),
                                                       number_element(DType::float32, number).value())));
  return constant;
}

void carry_attrs(const NodeDef& from, Bytes keys, NodeDef& to) {
  while (!keys.empty()) {
    const Bytes key = keys.substr(0, keys.find(' '));
    if (const NodeAttr* attr = from.find_attr(key)) to.attrs.push_back(*attr);
    keys.remove_prefix(std::min(keys.size(), key.size() + 1));
  }
}

}  // namespace

FloatForm float_form(const NodeDef& node, const QuantizedOp& row, const FloatWishes& wishes) {
  FloatForm form;
  NodeDef& to = form.node;
  to.name = node.name;
  to.op = wishes.limits ? "ClipByValue" : row.float_op;
  to.device = node.device;
  to.unknown = node.unknown;
  const std::uint32_t inputs = data_input_count(node);
  for (std::uint32_t slot = 0; slot < inputs; ++slot) {
    if (std::ranges::find(wishes.ranges, slot) != wishes.ranges.end()) continue;
    const auto constant = wishes.constants.find(slot);
    to.inputs.push_back(constant == wishes.constants.end() ? node.inputs[slot] : constant->second);
  }
  if (wishes.limits) {
    form.added = {limit(node, wishes.scope + "/least", wishes.limits->first),
                  limit(node, wishes.scope + "/most", wishes.limits->second)};
    for (const NodeDef& end : form.added) to.inputs.push_back(end.name);
  }
  to.inputs.insert(to.inputs.end(), node.inputs.begin() + inputs, node.inputs.end());
  to.set_attr("T", attr_of_type(DType::float32));
  carry_attrs(node, row.attrs, to);
  return form;
}

}  // namespace thaw::internal
