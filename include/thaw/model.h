// An opened model: what inspect() tells of it, the values of its weights and its nodes, read one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "thaw/destination.h"
#include "thaw/inspected.h"
#include "thaw/tensor.h"

namespace thaw {

// An attribute of a node (core/framework/attr_value.proto).
struct Attribute {
  struct Function {
    std::string name;
  };
  struct Placeholder {  // stands for an attribute of the function that the node is in
    std::string name;
  };
  using List = std::vector<Attribute>;
  // Nothing: the attribute has no value. std::string: bytes, UTF-8 or not.
  std::variant<std::monostate, std::string, std::int64_t, float, bool, DType, Shape, Value, Function,
               Placeholder, List>
      value;
};

struct ModelNode {
  std::string name, op, device;
  std::vector<std::string> inputs;  // as in the file: "a", "a:1", "^a"
  std::vector<std::pair<std::string, Attribute>> attributes;
};

struct LoadOptions {
  std::string
      tag_set;  // one MetaGraph of a SavedModel: "serve", "serve,gpu"; empty: the only one, else serve
};

// Immutable; const use from several threads when the sources are `concurrent`. Large tensors stay in their
// files until they are read.
class LoadedModel {
 public:
  // `path`: a model file, a SavedModel or a MetaGraphDef with its checkpoint beside it, see README; read
  // through `files`. Throws input_io, malformed, unsupported, and usage for a tag set that is not there and
  // for a checkpoint without a graph.
  static LoadedModel open(const std::filesystem::path& path, const LoadOptions& options = {},
                          const std::shared_ptr<Destination>& files = posix_destination());

  // What it is, with one graph: the chosen one.
  const InspectReport& report() const;
  const InspectedGraph& graph() const { return report().graphs.front(); }

  // Of graph().weights; nothing when no file has it. A value is good for as long as it lives.
  const std::optional<Value>& value(std::size_t weight) const;

  // Of the graph itself, in the order of the file.
  std::size_t node_count() const;
  std::string_view node_name(std::size_t node) const;
  std::string_view node_op(std::size_t node) const;
  std::optional<std::size_t> find_node(std::string_view name) const;
  // Throws malformed for attributes that are none.
  ModelNode node(std::size_t node) const;

 private:
  struct Parts;
  explicit LoadedModel(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

  std::shared_ptr<const Parts> parts_;
};

}  // namespace thaw
