#include "compare/function_comparison.h"

#include <algorithm>
#include <map>
#include <set>

#include "compare/canonical_message.h"
#include "io/same_bytes.h"
#include "messages/attr_value.h"
#include "messages/schema_tables.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

using Parts = std::vector<PartDifference>;

std::string text_of(const FunctionArg& arg) {
  return escaped(arg.name) + (arg.type == DType::invalid ? "" : " " + std::string(name_of(arg.type)));
}

void compare_args(const char* what, const std::vector<FunctionArg>& a, const std::vector<FunctionArg>& b,
                  Parts& parts) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const bool in_a = i < a.size(), in_b = i < b.size();
    const bool same = in_a && in_b &&
                      (a[i].message == b[i].message || canonical_message(a[i].message, schema::kArgDef) ==
                                                           canonical_message(b[i].message, schema::kArgDef));
    if (same) continue;
    parts.push_back({NodePart::signature,
                     what + (" " + std::to_string(i)),
                     in_a ? text_of(a[i]) : "",
                     in_b ? text_of(b[i]) : "",
                     {}});
  }
}

std::map<std::string, std::string> returns_of(const FunctionDef& function) {
  std::map<std::string, std::string> returns;
  for (const FunctionReturn& value : function.returns) returns[value.name] = value.value;
  return returns;
}

void compare_returns(const FunctionDef& a, const FunctionDef& b, Parts& parts) {
  const std::map<std::string, std::string> was = returns_of(a), is = returns_of(b);
  std::set<std::string> names;
  for (const auto& map : {was, is}) {
    for (const auto& [name, value] : map) names.insert(name);
  }
  for (const std::string& name : names) {
    const auto before = was.find(name), after = is.find(name);
    const std::string from = before == was.end() ? "" : before->second;
    const std::string to = after == is.end() ? "" : after->second;
    if (from != to) parts.push_back({NodePart::signature, "return " + name, from, to, {}});
  }
}

void compare_messages(NodePart part, const char* what, const std::string& a, const std::string& b,
                      const TextMessage& schema, Parts& parts) {
  if (a != b && canonical_message(a, schema) != canonical_message(b, schema))
    parts.push_back({part, what, "", "", {}});
}

// Functions that belong together name each other in strings.
std::vector<NodeAttr> with_new_names(std::vector<NodeAttr> attrs, const NameChanges& names) {
  for (NodeAttr& attr : attrs) {
    if (attr.key != "forward_function_name" && attr.key != "backward_function_name") continue;
    const std::string bytes = attr.value.bytes();
    if (const auto name = attr_as_string(bytes))
      attr.value = Recipe(attr_of_string(names.function(std::string(*name))));
  }
  return attrs;
}

class BodyComparison {
 public:
  BodyComparison(const NameChanges& names, const ElementWishes& wishes)
      : names_(names), comparison_(names, wishes) {}

  NodesDifference run(const FunctionDef& a, const FunctionDef& b) {
    std::map<Bytes, const FunctionNode*> others;
    for (const FunctionNode& node : b.nodes) others[node.node.name] = &node;
    std::set<Bytes> met;
    for (const FunctionNode& node : a.nodes) {
      const auto other = others.find(node.node.name);
      if (other == others.end()) {
        found_.removed.push_back({node.node.name, node.node.op});
      } else if (met.insert(node.node.name).second) {
        compare(node, *other->second);
      }
    }
    for (const FunctionNode& node : b.nodes) {
      if (!met.contains(node.node.name)) found_.added.push_back({node.node.name, node.node.op});
    }
    return std::move(found_);
  }

 private:
  void compare(const FunctionNode& a, const FunctionNode& b) {
    if (names_.functions.empty() && same_bytes(a.field, b.field)) {
      ++found_.equal;
      return;
    }
    Parts parts = comparison_.compare(a.node, b.node, NodeHome::function);
    if (parts.empty()) {
      ++found_.equal;
    } else {
      found_.changed.push_back({a.node.name, "", a.node.op, std::move(parts)});
    }
  }

  const NameChanges& names_;
  NodeComparison comparison_;
  NodesDifference found_;
};

}  // namespace

FunctionDifference compare_functions(const FunctionDef& a, const FunctionDef& b, const NameChanges& names,
                                     const ElementWishes& wishes) {
  FunctionDifference found{a.name, a.name == b.name ? "" : b.name, {}, {}};
  try {
    compare_args("argument", a.inputs, b.inputs, found.parts);
    compare_args("result", a.outputs, b.outputs, found.parts);
    compare_returns(a, b, found.parts);
    compare_messages(NodePart::signature, "declaration", a.signature_rest, b.signature_rest, schema::kOpDef,
                     found.parts);
    NodeComparison(names, wishes).compare_attrs(with_new_names(a.attrs, names), b.attrs, {}, {}, found.parts);
    compare_messages(NodePart::other, "arguments' attributes, control results or later fields", a.rest,
                     b.rest, schema::kFunctionDef, found.parts);
    found.nodes = BodyComparison(names, wishes).run(a, b);
  } catch (Error& error) {
    throw error.at("function " + thaw::quoted(a.name));
  }
  return found;
}

}  // namespace thaw::internal
