#include "checks/node_names.h"

#include <array>
#include <set>
#include <vector>

#include "model/signature_def.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

constexpr std::uint32_t kCondContext = 1, kWhileContext = 2;

bool is_name_field(std::uint32_t context, std::uint32_t field) {
  if (context == kCondContext) return field == 2 || field == 3;
  return (field >= 5 && field <= 8) || field == 10 || field == 11;
}
std::uint32_t values_field(std::uint32_t context) { return context == kCondContext ? 5 : 9; }
std::uint32_t nested_field(std::uint32_t context) { return context == kCondContext ? 6 : 12; }

// See messages/control_flow_context.h for the fields.
class NameChecker {
 public:
  NameChecker(const Model& model, const std::string& file, Findings& findings)
      : model_(model), file_(file), findings_(findings) {}

  void run() {
    for (const NamedMessage& collection : model_.envelope.collections) check_collection(collection);
    for (const NamedMessage& signature : model_.envelope.signatures) check_signature(signature);
  }

 private:
  void check(Bytes name, const std::string& who) {
    if (name.empty() || find_named(*model_.graph, name) != kNoNode) return;
    if (!told_.insert(who + '\n' + std::string(name)).second) return;
    findings_.add(ProblemKind::missing, {file_, std::nullopt, {}, std::string(name)},
                  {who + " names it, and it is not in the graph", "nodes of the same graph",
                   "TensorFlow refuses to import such a file"});
  }

  // CollectionDef (core/protobuf/meta_graph.proto): 1 node_list {1 value}, 2 bytes_list {1 value}.
  void check_collection(const NamedMessage& collection) {
    const std::string who = "the collection " + thaw::quoted(collection.name);
    const std::uint32_t context = collection.name == "cond_context"    ? kCondContext
                                  : collection.name == "while_context" ? kWhileContext
                                                                       : 0;
    MessageReader reader(collection.message);
    for (FieldView list; reader.next(list);) {
      const bool nodes = list.is_bytes(1), contexts = list.is_bytes(2) && context != 0;
      if (!nodes && !contexts) continue;
      MessageReader values(list.payload);
      for (FieldView value; values.next(value);) {
        if (!value.is_bytes(1)) continue;
        if (nodes) check(value.payload, who);
        if (contexts) check_contexts({context, value.payload}, who);
      }
    }
  }

  struct Context {
    std::uint32_t kind;
    Bytes message;
  };

  // One and those in it, without recursion.
  void check_contexts(Context outer, const std::string& who) {
    std::vector<Context> open{outer};
    while (!open.empty()) {
      const Context context = open.back();
      open.pop_back();
      MessageReader reader(context.message);
      for (FieldView field; reader.next(field);) {
        if (field.type != WireType::length_delimited) continue;
        if (is_name_field(context.kind, field.number)) check(field.payload, who);
        if (field.number == values_field(context.kind)) check_values(field.payload, who);
        if (field.number == nested_field(context.kind)) add_nested(field.payload, open);
      }
    }
  }

  static void add_nested(Bytes message, std::vector<Context>& open) {
    MessageReader reader(message);
    for (FieldView field; reader.next(field);) {
      if (field.is_bytes(kCondContext) || field.is_bytes(kWhileContext))
        open.push_back({field.number, field.payload});
    }
  }

  // Of ValuesDef TensorFlow looks up what external_values lead to; `values` are names for later.
  void check_values(Bytes message, const std::string& who) {
    MessageReader reader(message);
    for (FieldView field; reader.next(field);) {
      if (field.is_bytes(2)) check(read_map_entry(field.payload).value, who);
      if (!field.is_bytes(1) || find_named(*model_.graph, field.payload) != kNoNode) continue;
      if (!told_.insert(std::string(field.payload)).second) continue;
      findings_.warn({file_, std::nullopt, {}, std::string(field.payload)},
                     who + " has it among its values, and it is not in the graph");
    }
  }

  void check_signature(const NamedMessage& message) {
    const SignatureDef signature = decode_signature_def(message.name, message.message);
    const std::string who = "the signature " + thaw::quoted(message.name);
    for (const auto* tensors : {&signature.inputs, &signature.outputs}) {
      for (const SignatureTensor& tensor : *tensors) check(tensor.tensor, who);
    }
  }

  const Model& model_;
  const std::string& file_;
  Findings& findings_;
  std::set<std::string> told_;
};

}  // namespace

NodeId find_named(const Graph& graph, Bytes name) {
  try {
    return graph.find(parse_input(name).node);
  } catch (const Error&) {
    return kNoNode;
  }
}

void check_node_names(const Model& model, const std::string& file, Findings& findings) {
  NameChecker(model, file, findings).run();
}

}  // namespace thaw::internal
