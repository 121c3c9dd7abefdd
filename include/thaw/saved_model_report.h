// What is reported of the SavedModel that thaw_model writes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "thaw/tensor.h"

namespace thaw {

struct ReportedTensor {
  std::string name;  // "x:0"; of a signature its key
  DType dtype = DType::invalid;
  Shape shape;
  std::string tensor = {};  // of a signature: "x:0"
};

struct ReportedSignature {
  std::string name;
  std::vector<ReportedTensor> inputs, outputs;
};

// A SavedModel beside the checkpoint, or instead of it.
struct ReportedSavedModel {
  std::string path;
  bool objects = true;    // TensorFlow 2 loads an object with variables that can be called
  std::string why_plain;  // why it does not
  std::vector<ReportedSignature> signatures;
  std::vector<std::string> methods;              // further attributes that can be called
  bool trains = false;                           // calling it takes `training`: see BatchNorms::batch
  std::vector<std::string> incomplete;           // signatures of the input that lack an input, left out
  std::size_t loops = 0, conds = 0, arrays = 0;  // raised to While, If and TensorLists
  std::vector<std::string> not_raised;           // nodes of those that were not, each with the ground
};

}  // namespace thaw
