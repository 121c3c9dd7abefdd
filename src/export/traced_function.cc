#include "export/traced_function.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "draft/library_edit.h"
#include "export/read_shapes.h"
#include "messages/attr_value.h"
#include "model/declared_shape.h"
#include "model/flat_output.h"
#include "ops/op_table.h"
#include "ops/variable_op.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

bool is_placeholder(Bytes op) { return op == "Placeholder" || op == "PlaceholderV2"; }

// Resources that are made and filled by operations of their own, before anything runs: a function would make
// them afresh, empty.
bool holds_outside_state(Bytes op) {
  return op.find("HashTable") != Bytes::npos || op.starts_with("LookupTable") ||
         op.starts_with("InitializeTable") || op.find("Queue") != Bytes::npos || op == "IteratorV2" ||
         op == "Iterator" || op == "OneShotIterator" || op.find("Reader") == 0 || op.ends_with("ReaderV2") ||
         op.starts_with("Barrier") || op.starts_with("Boosted") || op == "TemporaryVariable";
}

// The nodes that outputs need, down to the tensors that are given.
class Cone {
 public:
  Cone(const Graph& graph, const std::vector<NamedEdge>& given) : graph_(graph), needed_(graph.node_count()) {
    for (const NamedEdge& input : given) given_.insert(key_of(input.tensor));
  }

  void add(const NamedEdge& output) {
    if (!is_given(output.tensor)) add(output.tensor.node);
  }

  void add(NodeId start) {
    std::vector<NodeId> work;
    reach(start, work);
    while (!work.empty()) {
      const NodeId id = work.back();
      work.pop_back();
      for (const Edge& input : graph_.inputs(id)) {
        if (!is_given(input)) reach(input.node, work);
      }
    }
  }

  bool is_given(const Edge& edge) const { return !edge.is_control() && given_.contains(key_of(edge)); }
  bool needs(NodeId id) const { return needed_[id]; }
  const std::vector<bool>& needed() const { return needed_; }

 private:
  void reach(NodeId id, std::vector<NodeId>& work) {
    if (needed_[id]) return;
    needed_[id] = true;
    // What stands behind a placeholder or a variable is not the function's.
    if (!is_placeholder(graph_.op(id)) && !is_variable_op(graph_.op(id))) work.push_back(id);
  }

  const Graph& graph_;
  std::unordered_set<std::uint64_t> given_;
  std::vector<bool> needed_;
};

class Tracer {
 public:
  Tracer(const Graph& graph, const Library& library, const TraceRequest& request)
      : graph_(graph),
        library_(library),
        request_(request),
        cone_(graph, request.inputs),
        read_shapes_(graph, request.inputs) {}

  Trace run() {
    for (const NamedEdge& output : request_.outputs) cone_.add(output);
    for (const NodeId effect : request_.effects) cone_.add(effect);
    if (look_around()) write();
    return std::move(trace_);
  }

 private:
  // Whether all that is needed can stand in a function.
  bool look_around() {
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (!cone_.needs(id)) continue;
      const Bytes op = graph_.op(id);
      if (is_placeholder(op)) {
        if (!is_input(id)) trace_.missing.push_back(id);
      } else if (op == "VarHandleOp") {
        captured_.push_back(id);
      } else if (!trace_.why) {
        check(id, op);
      }
    }
    return trace_.missing.empty() && !trace_.why;
  }

  bool is_input(NodeId id) const {
    return std::ranges::any_of(request_.inputs,
                               [&](const NamedEdge& input) { return input.tensor.node == id; });
  }

  void check(NodeId id, Bytes op) {
    const OpInfo* info = find_op(op);
    std::string reason;
    if (is_variable_op(op)) {
      reason = std::string(op) + " is a reference variable";
    } else if (holds_outside_state(op)) {
      reason = std::string(op) + " keeps something outside of functions";
    } else if (info == nullptr && library_.find(op) == kNoFunction) {
      reason = "TensorFlow has no operation " + std::string(op);
    }
    if (!reason.empty()) trace_.why = NoFunction{std::string(graph_.name(id)), std::move(reason)};
  }

  void write() {
    TracedFunction done;
    done.captured = std::move(captured_);
    FunctionDef& function = done.function;
    function.name = request_.name;
    MessageWriter(function.signature_rest).boolean(17, true);  // OpDef.is_stateful
    reserve_names(function);
    for (const NamedEdge& input : request_.inputs) take(function, input);
    for (const NodeId handle : done.captured) take_variable(function, handle);
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (has_body(id)) fill_node(function.nodes[places_.at(id)], id);
    }
    for (const NamedEdge& output : request_.outputs) give(function, output);
    end_with_effects(function);
    trace_.traced = std::move(done);
  }

  bool has_body(NodeId id) const {
    return cone_.needs(id) && !is_placeholder(graph_.op(id)) && graph_.op(id) != "VarHandleOp";
  }

  // Nodes first, so that arguments get names that none of them has.
  void reserve_names(FunctionDef& function) {
    for (NodeId id = 0; id < graph_.node_count(); ++id) {
      if (!has_body(id)) continue;
      places_.emplace(id, function.nodes.size());
      FunctionNode node;
      node.node.name = graph_.name(id);
      function.nodes.push_back(std::move(node));
    }
    names_ = ArgumentNames(function);
  }

  void take(FunctionDef& function, const NamedEdge& input) {
    add_argument(function, input.tensor, make_argument(names_.take(input.key), input.dtype), input.shape);
  }

  void take_variable(FunctionDef& function, NodeId handle) {
    const std::string name = names_.take(std::string(graph_.name(handle)) + "_resource");
    const DType element = graph_.type_attr(handle, "dtype").value_or(DType::invalid);
    const std::string shape = encode_shape(declared_shape(graph_, handle));
    add_argument(function, {handle, 0}, make_handle_argument(name, element, shape), Shape());
  }

  void add_argument(FunctionDef& function, const Edge& tensor, FunctionArg argument, const Shape& shape) {
    function.rest += encode_argument_shape(function.inputs.size(), encode_shape(shape));
    arguments_.emplace(key_of(tensor), argument.name);
    function.inputs.push_back(std::move(argument));
  }

  void fill_node(FunctionNode& place, NodeId id) {
    NodeDef node = graph_.node_def(id);
    node.inputs.clear();
    for (const Edge& input : graph_.inputs(id)) {
      if (!input.is_control()) {
        node.inputs.push_back(text_of(input));
      } else if (has_body(input.node)) {
        node.inputs.push_back("^" + std::string(graph_.name(input.node)));
      }
    }
    keep_colocation(node);
    if (const auto shape = read_shapes_.of(id)) node.set_attr("_output_shapes", *shape);
    place.node = std::move(node);
  }

  // TensorFlow refuses to place a node with one that is not there (python/framework/importer.py).
  void keep_colocation(NodeDef& node) const {
    const NodeAttr* attr = node.find_attr("_class");
    if (attr == nullptr) return;
    const std::string list = attr->value.bytes();
    std::vector<std::string> kept;
    for (const Bytes entry : attr_as_strings(list)) {
      const NodeId with = entry.starts_with("loc:@") ? graph_.find(entry.substr(5)) : kNoNode;
      if (with != kNoNode && has_body(with)) kept.emplace_back(entry);
    }
    node.drop_attr("_class");
    if (!kept.empty()) node.set_attr("_class", attr_of_strings(kept));
  }

  std::string text_of(const Edge& edge) {
    const auto argument = arguments_.find(key_of(edge));
    if (argument != arguments_.end()) return argument->second;
    if (const std::size_t function = library_.find(graph_.op(edge.node)); function != kNoFunction) {
      const std::vector<FunctionArg>& outputs = library_.functions()[function].outputs;
      const std::string output = edge.port < outputs.size() ? outputs[edge.port].name : "output";
      return std::string(graph_.name(edge.node)) + ":" + output + ":0";
    }
    std::string& text = texts_[key_of(edge)];
    if (text.empty())
      text = named_output(decode_node(graph_.skeleton(edge.node)), edge.port)
                 .value_or(std::string(graph_.name(edge.node)) + ":output:" + std::to_string(edge.port));
    return text;
  }

  void give(FunctionDef& function, const NamedEdge& output) {
    const std::string name = names_.take(output.key);
    function.outputs.push_back(make_argument(name, output.dtype));
    function.returns.push_back({name, text_of(output.tensor)});
  }

  // FunctionDef.control_ret (6) and OpDef.control_output (20): what runs though nobody takes it.
  void end_with_effects(FunctionDef& function) const {
    for (const NodeId effect : request_.effects) {
      std::string entry;
      MessageWriter(entry).bytes(1, graph_.name(effect)).bytes(2, graph_.name(effect));
      MessageWriter(function.rest).bytes(6, entry);
      MessageWriter(function.signature_rest).bytes(20, graph_.name(effect));
    }
  }

  const Graph& graph_;
  const Library& library_;
  const TraceRequest& request_;
  Cone cone_;
  ReadShapes read_shapes_;
  Trace trace_;
  std::vector<NodeId> captured_;
  std::unordered_map<NodeId, std::size_t> places_;
  ArgumentNames names_;
  std::unordered_map<std::uint64_t, std::string> arguments_, texts_;
};

}  // namespace

Trace trace_function(const Graph& graph, const Library& library, const TraceRequest& request) {
  return Tracer(graph, library, request).run();
}

std::vector<bool> nodes_behind(const Graph& graph, const std::vector<NamedEdge>& inputs,
                               const std::vector<NamedEdge>& outputs) {
  Cone cone(graph, inputs);
  for (const NamedEdge& output : outputs) cone.add(output);
  return cone.needed();
}

std::vector<NodeId> placeholders_behind(const Graph& graph, const std::vector<Edge>& outputs) {
  Cone cone(graph, {});
  for (const Edge& output : outputs) cone.add(output.node);
  std::vector<NodeId> found;
  for (NodeId id = 0; id < graph.node_count(); ++id) {
    if (cone.needs(id) && is_placeholder(graph.op(id))) found.push_back(id);
  }
  return found;
}

}  // namespace thaw::internal
