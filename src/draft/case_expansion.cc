#include "draft/case_expansion.h"

#include "messages/attr_value.h"
#include "tensor/tensor_proto.h"

namespace thaw::internal {

namespace {

// Files may claim any number; so many nodes are made.
constexpr std::int64_t kMostBranches = 1000;

NodeDef turn(const NodeDef& node, const std::string& name, const std::string& value,
             const std::string& predicate) {
  NodeDef made;
  made.name = name;
  made.op = "Switch";
  made.device = node.device;
  made.inputs = {value, predicate};
  made.set_attr("T", node.find_attr("T")->value);
  return made;
}

}  // namespace

bool is_case(Bytes op) { return op == "_SwitchN"; }

std::size_t branches_of(const NodeDef& node) {
  const NodeAttr* number = node.find_attr("num_outs");
  const bool whole = is_case(node.op) && number != nullptr && node.find_attr("T") != nullptr &&
                     node.inputs.size() >= 2 && !node.inputs[0].starts_with('^') &&
                     !node.inputs[1].starts_with('^');
  const std::int64_t count = whole ? attr_as_int(number->value.bytes()).value_or(0) : 0;
  return count >= 2 && count <= kMostBranches ? static_cast<std::size_t>(count) : 0;
}

NodeDef branch_test(const std::string& name, const std::string& index, const std::string& number) {
  NodeDef test;
  test.name = name;
  test.op = "Equal";
  test.inputs = {index, number};
  test.set_attr("T", attr_of_type(DType::int32));
  return test;
}

NodeDef branch_number(const std::string& name, const std::string& place, std::size_t branch) {
  std::string element;
  for (int shift = 0; shift < 32; shift += 8) element += static_cast<char>(branch >> shift);
  NodeDef number;
  number.name = name;
  number.op = "Const";
  number.inputs = {"^" + place};
  number.set_attr("dtype", attr_of_type(DType::int32));
  number.set_attr("value", attr_of_tensor(write_fill(DType::int32, Shape(), element)));
  return number;
}

// The output for false, which is its first, is meant.
NodeDef guarded_index(const std::string& name, const std::string& index, const std::string& test) {
  NodeDef guard;
  guard.name = name;
  guard.op = "Switch";
  guard.inputs = {index, test};
  guard.set_attr("T", attr_of_type(DType::int32));
  return guard;
}

CaseExpansion expand_case(const NodeDef& node, const std::vector<std::string>& is_branch,
                          const std::string& scope) {
  CaseExpansion done;
  done.first = turn(node, node.name, node.inputs[0], is_branch[0]);
  done.first.unknown = node.unknown;
  if (const NodeAttr* place = node.find_attr("_class")) done.first.attrs.push_back(*place);
  done.first.inputs.insert(done.first.inputs.end(), node.inputs.begin() + 2, node.inputs.end());
  std::string last = node.name;
  done.outputs.push_back(last + ":1");
  for (std::size_t k = 1; k < is_branch.size(); ++k) {
    done.added.push_back(turn(node, scope + "/" + std::to_string(k), last, is_branch[k]));
    last = done.added.back().name;
    done.outputs.push_back(last + ":1");
  }
  done.outputs.push_back(last);
  return done;
}

}  // namespace thaw::internal
