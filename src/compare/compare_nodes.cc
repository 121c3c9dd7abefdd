#include "compare/compare_nodes.h"

#include <algorithm>

#include "compare/attrs.h"
#include "messages/attr_value.h"
#include "messages/function_ref.h"
#include "tensor/shape.h"

namespace thaw::internal {

namespace {

// All but a note of TensorFlow's about the shapes there were.
Attrs lasting_attrs_of(const std::vector<NodeAttr>& attrs) {
  Attrs all = attrs_of(attrs);
  all.erase("_output_shapes");
  return all;
}

std::string shapes_of(const std::vector<NewArgument>& added) {
  std::string shapes;
  for (const NewArgument& argument : added) shapes += shape_in_list(encode_shape(argument.shape));
  return shapes;
}

bool same_head(const NodeDef& was, const NodeDef& is) {
  return was.name == is.name && was.device == is.device && was.unknown == is.unknown;
}

// The attributes a call should have by now.
void expect_call(Attrs& attrs, const CallSite& site, const std::vector<NewArgument>& added) {
  std::vector<DType> types;
  for (const NewArgument& argument : added) types.push_back(argument.dtype);
  attrs[site.types] = with_appended(attrs[site.types], types_in_list(types));
  if (site.kind != CallKind::loop) return;
  const auto shapes = attrs.find("output_shapes");
  if (shapes != attrs.end() && !view_attr(shapes->second).payload.empty())
    shapes->second = with_appended(shapes->second, shapes_of(added));
  const auto results = attrs.find("_num_original_outputs");
  if (results != attrs.end())
    results->second = attr_of_int(static_cast<std::int64_t>(site.arguments + added.size()));
}

// Names of functions, blanked out.
void forget_callees(Attrs& attrs, const CallSite& site) {
  for (const Callee& callee : site.callees) {
    std::string& value = attrs[callee.attr];
    value = with_functions(value, std::vector<std::string>(referred_functions(value).size()));
  }
}

bool same_arguments(const std::vector<FunctionArg>& was, const std::vector<FunctionArg>& is) {
  return was.size() <= is.size() && std::ranges::equal(was, std::span(is).first(was.size()), {},
                                                       &FunctionArg::message, &FunctionArg::message);
}

bool are_added(const std::vector<FunctionArg>& args, std::size_t first,
               const std::vector<NewArgument>& added) {
  if (args.size() != first + added.size()) return false;
  for (std::size_t i = 0; i < added.size(); ++i) {
    const FunctionArg& arg = args[first + i];
    if (arg.message != make_argument(arg.name, added[i].dtype).message) return false;
  }
  return true;
}

bool same_returns(const FunctionDef& was, const FunctionDef& is, bool gives_back) {
  const std::size_t added = gives_back ? is.inputs.size() - was.inputs.size() : 0;
  if (is.returns.size() != was.returns.size() + added) return false;
  for (const FunctionReturn& value : was.returns) {
    const std::string* now = is.find_return(value.name);
    if (now == nullptr || *now != value.value) return false;
  }
  for (std::size_t i = 0; i < added; ++i) {
    const std::string* now = is.find_return(is.outputs[was.outputs.size() + i].name);
    if (now == nullptr || *now != is.inputs[was.inputs.size() + i].name) return false;
  }
  return true;
}

Attrs expected_attrs(const FunctionDef& was, const std::vector<NewArgument>& added) {
  Attrs attrs = lasting_attrs_of(was.attrs);
  for (const char* twin : {"api_implements", "forward_function_name", "backward_function_name"})
    attrs.erase(twin);
  const auto shapes = attrs.find("_input_shapes");
  if (shapes != attrs.end()) shapes->second = with_appended(shapes->second, shapes_of(added));
  return attrs;
}

}  // namespace

Difference compare_call(const NodeDef& was, const NodeDef& is, const CallSite& site,
                        const std::vector<std::string>& inputs, const std::vector<NewArgument>& added) {
  std::vector<std::string> expected = was.inputs;
  expected.insert(expected.begin() + site.first_argument + site.arguments, inputs.begin(), inputs.end());
  if (!same_head(was, is) || was.op != is.op || expected != is.inputs) return "takes or is something else";
  Attrs before = lasting_attrs_of(was.attrs), after = lasting_attrs_of(is.attrs);
  expect_call(before, site, added);
  forget_callees(before, site);
  forget_callees(after, site);
  return before == after ? Difference() : "has other attributes";
}

Difference compare_constant(const NodeDef& was, const NodeDef& is, const std::string& argument, DType dtype) {
  std::vector<std::string> expected = was.inputs;
  expected.insert(expected.begin(), argument);
  if (!same_head(was, is) || is.op != "Identity" || expected != is.inputs)
    return "takes or is something else";
  Attrs before = lasting_attrs_of(was.attrs);
  before.erase("dtype");
  before.erase("value");
  before["T"] = attr_of_type(dtype);
  return before == lasting_attrs_of(is.attrs) ? Difference() : "has other attributes";
}

Difference compare_signature(const FunctionDef& was, const FunctionDef& is,
                             const std::vector<NewArgument>& added, bool gives_back) {
  if (!same_arguments(was.inputs, is.inputs) || !are_added(is.inputs, was.inputs.size(), added))
    return "has other arguments";
  const std::vector<NewArgument> results = gives_back ? added : std::vector<NewArgument>();
  if (!same_arguments(was.outputs, is.outputs) || !are_added(is.outputs, was.outputs.size(), results) ||
      !same_returns(was, is, gives_back))
    return "gives other results";
  std::string rest = was.rest;
  for (std::size_t i = 0; i < added.size(); ++i)
    rest += encode_argument_shape(was.inputs.size() + i, encode_shape(added[i].shape));
  if (rest != is.rest || was.signature_rest != is.signature_rest) return "is declared in another way";
  return expected_attrs(was, added) == lasting_attrs_of(is.attrs) ? Difference() : "has other attributes";
}

}  // namespace thaw::internal
