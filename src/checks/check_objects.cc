#include "checks/check_objects.h"

#include <set>

#include "subject/object_names.h"
#include "wire/message_reader.h"

namespace thaw::internal {

namespace {

// TrackableObjectGraph (core/protobuf/trackable_object_graph.proto): 1 nodes {1 children {1 node_id}, 2
// attributes {1 name, 2 full_name, 3 checkpoint_key}, 3 slot_variables {1 original_variable_node_id, 3
// slot_variable_node_id}}.
class ObjectChecker {
 public:
  ObjectChecker(const StoredTensors& stored, const std::string& file, Findings& findings)
      : stored_(stored), findings_(findings), file_(file) {}

  void run() {
    MessageReader reader(*stored_.object_graph);
    for (FieldView node; reader.next(node);) nodes_ += node.is_bytes(1) ? 1 : 0;
    MessageReader again(*stored_.object_graph);
    for (FieldView node; again.next(node);) {
      if (node.is_bytes(1)) check_node(node.payload);
    }
    findings_.count(nodes_);
    std::size_t strays = 0;
    for (const auto& [key, kind] : stored_.tensors)
      strays += keys_.contains(key) || key == kObjectGraphKey ? 0 : 1;
    if (strays > 0)
      findings_.describe(std::to_string(strays) + (strays == 1 ? " entry" : " entries") + " of no object");
  }

 private:
  void check_node(Bytes node) {
    MessageReader reader(node);
    for (FieldView field; reader.next(field);) {
      if (field.is_bytes(1)) check_number(field.payload, 1);
      if (field.is_bytes(2)) check_attribute(field.payload);
      if (!field.is_bytes(3)) continue;
      check_number(field.payload, 1);
      check_number(field.payload, 3);
    }
    ++at_;
  }

  void check_number(Bytes message, std::uint32_t number) {
    std::uint64_t object = 0;
    MessageReader reader(message);
    for (FieldView field; reader.next(field);) {
      if (field.is(number, WireType::varint)) object = field.scalar;
    }
    if (object < nodes_) return;
    findings_.add(ProblemKind::missing, place(),
                  {"object " + std::to_string(at_) + " refers to object " + std::to_string(object),
                   "one of " + std::to_string(nodes_) + ", counted from 0"});
  }

  void check_attribute(Bytes attribute) {
    std::string key, name;
    MessageReader reader(attribute);
    for (FieldView field; reader.next(field);) {
      if (field.is_bytes(2)) name = field.payload;
      if (field.is_bytes(3)) key = field.payload;
    }
    if (key.empty() || !keys_.insert(key).second || !stored_.all || stored_.tensors.contains(key)) return;
    FindingPlace where{file_, std::nullopt, key};
    findings_.add(ProblemKind::missing, std::move(where),
                  {"object " + std::to_string(at_) + (name.empty() ? "" : ", " + thaw::quoted(name) + ",") +
                       " keeps its value in an entry that is not there",
                   "an entry for every object"});
  }

  FindingPlace place() const { return {file_, std::nullopt, std::string(kObjectGraphKey)}; }

  const StoredTensors& stored_;
  Findings& findings_;
  std::string file_;
  std::uint64_t nodes_ = 0, at_ = 0;
  std::set<std::string> keys_;
};

}  // namespace

void check_objects(const StoredTensors& stored, const std::string& file, Findings& findings) {
  if (!stored.object_graph) return;
  findings.begin("objects");
  try {
    ObjectChecker(stored, file, findings).run();
  } catch (const Error& error) {
    findings.add(error, {file, std::nullopt, std::string(kObjectGraphKey)});
  }
}

}  // namespace thaw::internal
