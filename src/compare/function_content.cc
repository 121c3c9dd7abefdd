#include "compare/function_content.h"

#include <algorithm>

#include "compare/canonical_message.h"
#include "messages/schema_tables.h"
#include "model/name_table.h"
#include "ops/op_defaults.h"

namespace thaw::internal {

namespace {

constexpr std::size_t kLookedAt = 64 * 1024;  // bytes of a large tensor
constexpr std::size_t kCallDepth = 32;        // of calls that a content tells apart

std::uint64_t mixed(std::uint64_t hash, std::uint64_t other) {
  return (hash ^ other) * 0xFF51AFD7ED558CCD ^ hash >> 31;
}

std::uint64_t mixed(std::uint64_t hash, Bytes text) { return mixed(hash, hash_of(text)); }

// Some attributes name other functions in a string, or hold a number that is new in every export.
bool says_nothing(Bytes key) {
  return key == "_output_shapes" || key == "api_implements" || key == "forward_function_name" ||
         key == "backward_function_name";
}

std::uint64_t hash_of_large(const Recipe& attr) {
  const SourcePtr source = Recipe(attr).as_source("a tensor");
  std::string front(static_cast<std::size_t>(std::min<std::uint64_t>(source->size(), kLookedAt)), '\0');
  source->read_at(0, std::as_writable_bytes(std::span(front)));
  return hash_of(front);
}

class FunctionHasher {
 public:
  FunctionHasher(const Library& library, const Library& known) : library_(library), known_(known) {}

  struct Hashed {
    std::uint64_t own = 0;
    std::vector<std::size_t> calls;  // functions of the library, in a fixed order
  };

  Hashed hash(const FunctionDef& function) const {
    Hashed hashed;
    for (const auto* args : {&function.inputs, &function.outputs}) {
      hashed.own = mixed(hashed.own, args->size());
      for (const FunctionArg& arg : *args)
        hashed.own = mixed(hashed.own, canonical_message(arg.message, schema::kArgDef));
    }
    std::vector<std::string> returns;
    for (const FunctionReturn& value : function.returns) returns.push_back(value.name + "=" + value.value);
    add_sorted(returns, hashed.own);
    add_attrs(function.attrs, {}, hashed);
    std::vector<const NodeDef*> nodes;
    for (const FunctionNode& node : function.nodes) nodes.push_back(&node.node);
    std::ranges::sort(nodes, {}, &NodeDef::name);
    for (const NodeDef* node : nodes) add_node(*node, hashed);
    return hashed;
  }

 private:
  static void add_sorted(std::vector<std::string>& texts, std::uint64_t& hash) {
    std::ranges::sort(texts);
    for (const std::string& text : texts) hash = mixed(hash, text);
  }

  void add_node(const NodeDef& node, Hashed& hashed) const {
    hashed.own = mixed(mixed(mixed(hashed.own, node.name), called(node.op, hashed)), node.device);
    std::vector<std::string> controls;
    for (const std::string& input : node.inputs) {
      if (input.starts_with('^')) {
        controls.push_back(input);
      } else {
        hashed.own = mixed(hashed.own, input);
      }
    }
    add_sorted(controls, hashed.own);
    add_attrs(node.attrs, node.op, hashed);
  }

  void add_attrs(const std::vector<NodeAttr>& attrs, Bytes op, Hashed& hashed) const {
    std::vector<const NodeAttr*> sorted;
    for (const NodeAttr& attr : attrs) {
      if (!says_nothing(attr.key)) sorted.push_back(&attr);
    }
    std::ranges::stable_sort(sorted, {}, &NodeAttr::key);
    for (const NodeAttr* attr : sorted) {
      const std::optional<Bytes> bytes = attr->value.in_memory();
      if (!bytes) {
        hashed.own = mixed(mixed(hashed.own, attr->key), hash_of_large(attr->value));
        continue;
      }
      const FunctionNames names = [&](Bytes name) { return called(name, hashed); };
      const std::string form = canonical_message(*bytes, schema::kAttrValue, names);
      const auto preset = default_attr(op, attr->key);
      if (preset && canonical_message(*preset, schema::kAttrValue) == form) continue;
      hashed.own = mixed(mixed(hashed.own, attr->key), form);
    }
  }

  // What stands for the name of an operation or a function; calls of the library's own are noted.
  std::string called(Bytes name, Hashed& hashed) const {
    const std::size_t function = library_.find(name);
    if (function == kNoFunction || known_.find(name) != kNoFunction) return std::string(name);
    hashed.calls.push_back(function);
    return "a function";
  }

  const Library& library_;
  const Library& known_;
};

}  // namespace

std::vector<std::uint64_t> function_contents(const Library& library, const Library& known) {
  const FunctionHasher hasher(library, known);
  std::vector<FunctionHasher::Hashed> own;
  std::vector<std::uint64_t> now;
  for (const FunctionDef& function : library.functions()) {
    own.push_back(hasher.hash(function));
    now.push_back(own.back().own);
  }
  // Whom they call, whom those call, and so on; as many rounds for either library, to be comparable.
  for (std::size_t round = 0; round < kCallDepth; ++round) {
    std::vector<std::uint64_t> next;
    for (const FunctionHasher::Hashed& function : own) {
      std::uint64_t hash = function.own;
      for (const std::size_t call : function.calls) hash = mixed(hash, now[call]);
      next.push_back(hash);
    }
    now = std::move(next);
  }
  return now;
}

}  // namespace thaw::internal
