#include "weights/direct_evidence.h"

#include <algorithm>
#include <unordered_set>

#include "names/scopes.h"
#include "ops/op_table.h"

namespace thaw::internal {

namespace {

constexpr std::int32_t kResource = static_cast<std::int32_t>(DType::resource);

bool is_number(Bytes text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// The argument at a slot, as long as every argument before it stands for one tensor.
std::optional<ArgInfo> argument_at(Bytes op, std::uint32_t slot) {
  const OpInfo* info = find_op(op);
  if (info == nullptr) return std::nullopt;
  std::uint32_t index = 0;
  for (const ArgInfo arg : info->inputs) {
    if (!arg.is_single()) return std::nullopt;
    if (index++ == slot) return arg;
  }
  return std::nullopt;
}

bool passes_refs(Bytes op) { return op.starts_with("Ref") && op != "RefSelect"; }

void find_variable_slots(const Graph& graph, NodeId constant, DirectEvidence& found) {
  for (const Edge& consumer : graph.consumers(constant)) {
    if (consumer.is_control() || passes_refs(graph.op(consumer.node))) continue;
    const std::optional<ArgInfo> arg = argument_at(graph.op(consumer.node), consumer.port);
    if (!arg) continue;
    const bool resource = arg->type == kResource && graph.type_attr(constant, "dtype") != DType::resource;
    if (!arg->is_ref && !resource) continue;
    (resource ? found.resource : found.ref) = true;
    found.reasons.push_back({"E0", std::string(graph.name(consumer.node)), static_cast<int>(consumer.port)});
  }
}

bool reads_by_name(Bytes constant, Bytes reader) {
  return reader.size() == constant.size() + 5 && reader.starts_with(constant) && reader.ends_with("/read");
}

bool is_lookup(Bytes op) {
  return op == "Gather" || op == "GatherV2" || op == "GatherNd" || op == "ResourceGather";
}

void find_reads(const Graph& graph, NodeId constant, DirectEvidence& found) {
  const Bytes name = graph.name(constant);
  for (const NodeId reader : find_readers(graph, constant)) {
    const Bytes reader_name = graph.name(reader);
    const char* rule = reads_by_name(name, reader_name)                     ? "E1"
                       : is_read_variable_name(last_component(reader_name)) ? "E2"
                                                                            : nullptr;
    if (rule == nullptr) continue;
    found.has_read = true;
    found.reasons.push_back({rule, std::string(reader_name), 0});
    return;
  }
}

// Names that only the freezers of TensorFlow 2 give to what was a variable. `unknown_3` is also given to
// captured constants and proves something only where it is looked up as a table.
void find_captured_name(const Graph& graph, NodeId constant, DirectEvidence& found) {
  const Bytes name = graph.name(constant);
  const bool read = name.ends_with("/ReadVariableOp/resource") || name.ends_with("_readvariableop_resource");
  const std::size_t slash = name.rfind('/');
  const bool lookup_handle = slash != Bytes::npos && is_number(name.substr(slash + 1)) &&
                             last_component(name.substr(0, slash)).starts_with("embedding_lookup");
  if (read || lookup_handle) found.reasons.push_back({"E2", "", -1});
  if (read) found.has_read = true;
}

// A constant called like a read, with or without the mark of the runtime's folding ("X/read/_2__cf__2").
bool is_folded_read_name(Bytes name) {
  if (name.ends_with("/read")) return true;
  const std::size_t mark = name.rfind("__cf__");
  const std::size_t read = name.rfind("/read/_");
  if (mark == Bytes::npos || read == Bytes::npos || read > mark) return false;
  return is_number(name.substr(mark + 6)) && is_number(name.substr(read + 7, mark - read - 7));
}

void find_colocated_lookup(const Graph& graph, NodeId constant, DirectEvidence& found) {
  for (const Edge& consumer : graph.consumers(constant)) {
    if (consumer.port != 0 || !is_lookup(graph.op(consumer.node))) continue;
    const std::optional<Bytes> places = graph.attr(consumer.node, "_class");
    const std::vector<Bytes> classes = places ? attr_as_strings(*places) : std::vector<Bytes>{};
    const std::string mine = "loc:@" + std::string(graph.name(constant));
    if (std::ranges::find(classes, mine) == classes.end()) continue;
    found.reasons.push_back({"E4", std::string(graph.name(consumer.node)), 0});
    return;
  }
}

}  // namespace

bool is_read_variable_name(Bytes component) {
  constexpr Bytes kRead = "ReadVariableOp";
  if (!component.starts_with(kRead)) return false;
  const Bytes rest = component.substr(kRead.size());
  return rest.empty() || (rest[0] == '_' && is_number(rest.substr(1)));
}

std::vector<NodeId> find_readers(const Graph& graph, NodeId constant) {
  const auto passes_on = [&](const Edge& consumer) {
    const Bytes op = graph.op(consumer.node);
    return consumer.port == 0 && (op == "Identity" || op == "Cast" || op == "Enter" || op == "Switch");
  };
  std::vector<NodeId> readers;
  if (std::ranges::none_of(graph.consumers(constant), passes_on)) return readers;  // true of most constants
  std::unordered_set<NodeId> seen{constant};
  std::vector<NodeId> work{constant};
  for (std::size_t next = 0; next < work.size() && next < 256; ++next) {
    for (const Edge& consumer : graph.consumers(work[next])) {
      if (!passes_on(consumer) || !seen.insert(consumer.node).second) continue;
      if (graph.op(consumer.node) == "Identity") readers.push_back(consumer.node);
      work.push_back(consumer.node);
    }
  }
  return readers;
}

DirectEvidence find_direct_evidence(const Graph& graph, NodeId constant) {
  DirectEvidence found;
  find_variable_slots(graph, constant, found);
  find_reads(graph, constant, found);
  if (found.has_read) return found;
  find_captured_name(graph, constant, found);
  if (is_folded_read_name(graph.name(constant))) found.reasons.push_back({"E3", "", -1});
  find_colocated_lookup(graph, constant, found);
  return found;
}

}  // namespace thaw::internal
