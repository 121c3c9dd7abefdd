// The objects of a SavedModel of TensorFlow 2: a root with variables, what calls it, and its signatures.
//
// SavedObjectGraph (core/protobuf/saved_object_graph.proto): 1 nodes {1 children {1 node_id, 2 local_name}, 4
// user_object {1 identifier, 2 version}, 6 function {1 concrete_functions, 2 function_spec {1 fullargspec, 5
// input_signature}}, 7 variable {1 dtype, 2 shape, 3 trainable, 6 name}, 8 bare_concrete_function {1 name, 2
// argument_keywords, 3 allowed_positional_arguments}}, 2 concrete_functions, a map of {2 bound_inputs, 3
// canonicalized_input_signature, 4 output_signature}. TrackableObjectGraph says the same of what is in the
// checkpoint (core/protobuf/trackable_object_graph.proto: 1 nodes {1 children, 2 attributes {1 name, 2
// full_name, 3 checkpoint_key}}). What of this TensorFlow needs was found by leaving out one thing after the
// other.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "messages/free_names.h"
#include "thaw/tensor.h"

namespace thaw::internal {

struct ObjectVariable {
  std::string name;
  DType dtype = DType::invalid;
  Shape shape;
  bool trainable = true;
};

struct ObjectTensor {
  std::string key;
  DType dtype = DType::invalid;
  Shape shape = Shape::of_unknown_rank();
};

// A function of the library. Its arguments are `inputs` and then the variables of these numbers.
struct ObjectFunction {
  std::string function;
  std::vector<ObjectTensor> inputs, outputs;
  std::vector<std::size_t> captured;
};

struct NamedFunction {
  std::string name;
  ObjectFunction function;
};

// root(inputs...). One that can train takes a further argument of Python, `training`, which is False unless
// given (as layers of Keras have it; hub.KerasLayer looks for the name).
struct ObjectCall {
  ObjectFunction function;
  std::optional<ObjectFunction> training;  // takes and gives what `function` does
};

struct SavedObjects {
  std::vector<ObjectVariable> variables;
  std::optional<ObjectCall> call;         // and the attribute `serve`
  std::vector<NamedFunction> signatures;  // inputs and outputs sorted by key, as TensorFlow flattens them
  std::vector<NamedFunction> methods;     // further attributes that can be called
};

struct EncodedObjects {
  std::string saved;                    // SavedObjectGraph
  std::string trackable;                // TrackableObjectGraph
  std::vector<std::string> value_keys;  // by variable: its key in the checkpoint
};

EncodedObjects encode_objects(const SavedObjects& objects);

// Keys as Python arguments and methods may be called, each unlike those before and unlike what is reserved.
class PythonNames {
 public:
  explicit PythonNames(const std::vector<std::string>& reserved = {})
      : taken_(reserved.begin(), reserved.end()) {}
  std::string take(const std::string& key);

 private:
  std::unordered_set<std::string> taken_;
  FreeNames free_names_;
};

}  // namespace thaw::internal
