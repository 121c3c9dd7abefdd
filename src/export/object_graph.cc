#include "export/object_graph.h"

#include <algorithm>
#include <array>
#include <set>

#include "export/structured_value.h"
#include "subject/object_names.h"
#include "tensor/shape.h"
#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

// Attributes that the root has or that loading gives it: no variable can be one of them.
constexpr auto kTaken =
    std::to_array<Bytes>({"variables", "trainable_variables", "regularization_losses", "serve", "signatures",
                          "graph_debug_info", "tensorflow_version", "tensorflow_git_version"});
constexpr auto kKeywords = std::to_array<Bytes>(
    {"False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
     "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
     "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
     "or",    "pass",     "raise", "return", "self", "try",    "while",  "with",     "yield"});

struct Child {
  std::size_t node;
  std::string name;
};

// One object, whose kind is a field of SavedObject.
struct Object {
  std::vector<Child> children;
  std::uint32_t kind = 0;
  std::string message;
};

std::string user_object(Bytes identifier) {
  std::string version, out;
  MessageWriter(version).varint(1, 1).varint(2, 1);
  MessageWriter(out).bytes(1, identifier).bytes(2, version);
  return out;
}

std::string variable_message(const ObjectVariable& variable) {
  std::string out;
  MessageWriter writer(out);
  writer.integer(1, static_cast<std::int64_t>(variable.dtype)).bytes(2, encode_shape(variable.shape));
  if (variable.trainable) writer.boolean(3, true);
  writer.bytes(6, variable.name);
  return out;
}

// Paths through objects escape what they are made of (python/checkpoint/trackable_view.py).
std::string in_path(Bytes name) {
  std::string out;
  for (const char c : name) out += c == '.' ? ".." : c == '/' ? ".S" : std::string(1, c);
  return out;
}

std::string spec_of(const ObjectTensor& tensor) {
  return tensor_spec(tensor.key, tensor.dtype, tensor.shape);
}

NamedValues specs_by_key(const std::vector<ObjectTensor>& tensors) {
  NamedValues fields;
  for (const ObjectTensor& tensor : tensors) fields.emplace_back(tensor.key, spec_of(tensor));
  return fields;
}

std::vector<std::string> argument_names(const std::vector<ObjectTensor>& inputs,
                                        const std::vector<std::string>& reserved) {
  PythonNames taken(reserved);
  std::vector<std::string> names;
  for (const ObjectTensor& input : inputs) names.push_back(taken.take(input.key));
  return names;
}

// ((positional...), {by name...}).
std::string input_signature(const std::vector<std::string>& positional, const NamedValues& named) {
  return tuple_value({tuple_value(positional), dict_value(named)});
}

std::string concrete_function(const ObjectFunction& function, const std::string& inputs,
                              const std::string& outputs, std::size_t first_variable) {
  std::string bound, out;
  for (const std::size_t variable : function.captured) append_varint(bound, first_variable + variable);
  MessageWriter writer(out);
  if (!bound.empty()) writer.bytes(2, bound);
  writer.bytes(3, inputs).bytes(4, outputs);
  return out;
}

// `defaults` are of the last arguments.
std::string full_arg_spec(const std::vector<std::string>& names, const std::vector<std::string>& defaults) {
  std::vector<std::string> args;
  for (const std::string& name : names) args.push_back(string_value(name));
  return named_tuple("FullArgSpec", {{"args", list_value(args)},
                                     {"varargs", no_value()},
                                     {"varkw", no_value()},
                                     {"defaults", defaults.empty() ? no_value() : list_value(defaults)},
                                     {"kwonlyargs", list_value({})},
                                     {"kwonlydefaults", no_value()},
                                     {"annotations", dict_value({})}});
}

class Encoder {
 public:
  explicit Encoder(const SavedObjects& objects) : in_(objects) {}

  EncodedObjects run() {
    add({{}, 4, user_object("_generic_user_object")});
    for (const NamedFunction& method : in_.methods) taken_.insert(method.name);
    taken_.insert(kTaken.begin(), kTaken.end());
    for (const ObjectVariable& variable : in_.variables) add_variable(variable);
    add_lists();
    if (in_.call) {
      const std::size_t call = in_.call->training ? add_training_call() : add_function(in_.call->function);
      adopt(call, "__call__");
      adopt(call, "serve");
    }
    add_signatures();
    for (const NamedFunction& method : in_.methods) adopt(add_function(method.function), method.name);
    encode();
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kFirstVariable = 1;

  std::size_t add(Object object) {
    objects_.push_back(std::move(object));
    return objects_.size() - 1;
  }

  // An attribute of the root.
  void adopt(std::size_t node, const std::string& name) { objects_[0].children.push_back({node, name}); }

  // An attribute of the root where the name is free; the list of all variables has it in any case.
  void add_variable(const ObjectVariable& variable) {
    const std::size_t node = add({{}, 7, variable_message(variable)});
    const bool is_attribute = taken_.insert(variable.name).second;
    if (is_attribute) adopt(node, variable.name);
    const std::string path =
        is_attribute ? in_path(variable.name) : "variables/" + std::to_string(node - kFirstVariable);
    out_.value_keys.push_back(path + std::string(kVariableValueEnd));
  }

  void add_list(const char* name, bool all, bool trainable) {
    Object list{{}, 4, user_object("trackable_list_wrapper")};
    for (std::size_t i = 0; i < in_.variables.size(); ++i) {
      if (all || (trainable && in_.variables[i].trainable))
        list.children.push_back({kFirstVariable + i, std::to_string(list.children.size())});
    }
    adopt(add(std::move(list)), name);
  }

  // With these and __call__ it is what TensorFlow Hub calls a reusable SavedModel.
  void add_lists() {
    add_list("variables", true, true);
    add_list("trainable_variables", false, true);
    add_list("regularization_losses", false, false);
  }

  std::size_t add_function(const ObjectFunction& function) {
    const std::vector<std::string> names = argument_names(function.inputs, {});
    add_concrete(function, input_signature(specs_of(function, names), {}), outputs_of(function));
    return add_callable({function.function}, full_arg_spec(names, {}));
  }

  // Two concrete functions, told apart by the value of an argument that is no tensor.
  std::size_t add_training_call() {
    const ObjectFunction& function = in_.call->function;
    std::vector<std::string> names = argument_names(function.inputs, {"training"});
    const std::vector<std::string> specs = specs_of(function, names);
    for (const bool training : {false, true}) {
      std::vector<std::string> arguments = specs;
      arguments.push_back(bool_value(training));
      add_concrete(training ? *in_.call->training : function, input_signature(arguments, {}),
                   outputs_of(function));
    }
    names.emplace_back("training");
    return add_callable({function.function, in_.call->training->function},
                        full_arg_spec(names, {bool_value(false)}));
  }

  static std::vector<std::string> specs_of(const ObjectFunction& function,
                                           const std::vector<std::string>& names) {
    std::vector<std::string> specs;
    for (std::size_t i = 0; i < names.size(); ++i)
      specs.push_back(tensor_spec(names[i], function.inputs[i].dtype, function.inputs[i].shape));
    return specs;
  }

  static std::string outputs_of(const ObjectFunction& function) {
    if (function.outputs.empty()) return no_value();
    return function.outputs.size() == 1 ? spec_of(function.outputs[0])
                                        : dict_value(specs_by_key(function.outputs));
  }

  std::size_t add_callable(const std::vector<std::string>& concrete, const std::string& arguments) {
    std::string spec, message;
    MessageWriter(spec).bytes(1, arguments).bytes(5, no_value());
    MessageWriter writer(message);
    for (const std::string& name : concrete) writer.bytes(1, name);
    writer.bytes(2, spec);
    return add({{}, 6, message});
  }

  void add_signatures() {
    Object map{{}, 4, user_object("signature_map")};
    for (const NamedFunction& signature : in_.signatures) {
      const ObjectFunction& function = signature.function;
      add_concrete(function, input_signature({}, specs_by_key(function.inputs)),
                   dict_value(specs_by_key(function.outputs)));
      std::string message;
      MessageWriter writer(message);
      writer.bytes(1, function.function);
      for (const ObjectTensor& input : function.inputs) writer.bytes(2, input.key);
      if (function.inputs.size() == 1) writer.varint(3, 1);
      map.children.push_back({add({{}, 8, message}), signature.name});
    }
    adopt(add(std::move(map)), "signatures");
  }

  void add_concrete(const ObjectFunction& function, const std::string& inputs, const std::string& outputs) {
    std::string entry;
    MessageWriter(entry)
        .bytes(1, function.function)
        .bytes(2, concrete_function(function, inputs, outputs, kFirstVariable));
    MessageWriter(concrete_).bytes(2, entry);
  }

  void encode() {
    for (std::size_t i = 0; i < objects_.size(); ++i) {
      std::string children, saved, trackable;
      for (const Child& child : objects_[i].children) {
        std::string reference;
        MessageWriter(reference).varint(1, child.node).bytes(2, child.name);
        MessageWriter(children).bytes(1, reference);
      }
      saved = trackable = children;
      MessageWriter(saved).bytes(objects_[i].kind, objects_[i].message);
      if (objects_[i].kind == 7) MessageWriter(trackable).bytes(2, value_of(i - kFirstVariable));
      MessageWriter(out_.saved).bytes(1, saved);
      MessageWriter(out_.trackable).bytes(1, trackable);
    }
    out_.saved += concrete_;
  }

  std::string value_of(std::size_t variable) const {
    std::string out;
    MessageWriter(out)
        .bytes(1, "VARIABLE_VALUE")
        .bytes(2, in_.variables[variable].name)
        .bytes(3, out_.value_keys[variable]);
    return out;
  }

  const SavedObjects& in_;
  std::vector<Object> objects_;
  std::set<std::string, std::less<>> taken_;
  std::string concrete_;
  EncodedObjects out_;
};

}  // namespace

EncodedObjects encode_objects(const SavedObjects& objects) { return Encoder(objects).run(); }

std::string PythonNames::take(const std::string& key) {
  std::string word;
  for (const char c : key) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    word += plain ? c : '_';
  }
  if (word.empty() || (word[0] >= '0' && word[0] <= '9') || word[0] == '_') word = "x" + word;
  if (std::ranges::find(kKeywords, word) != kKeywords.end()) word += "_";
  return free_names_.next(word, [this](const std::string& name) { return !taken_.insert(name).second; });
}

}  // namespace thaw::internal
