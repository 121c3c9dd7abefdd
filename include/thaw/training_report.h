// What is reported of the parts of a model that concern training alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace thaw {

// Something that stays as it was found, and why.
struct ReportedLeft {
  std::string node;
  std::string why;
};

// Batch norms that can be trained with the statistics of the batch.
struct ReportedBatchNorms {
  std::string training;  // the tensor to feed true: "bn_training:0"; empty when there is none
  double momentum = 0.99;
  std::size_t fused = 0, arithmetic = 0;  // FusedBatchNorm and its kind; written out with Rsqrt
  std::vector<std::string> update_ops;    // what moves the statistics: the collection of that name
  std::vector<ReportedLeft> left;
};

enum class DropoutState : std::uint8_t {
  passes,  // an Identity stands where dropout stood
  scales,  // arithmetic without anything random
  drops,   // random numbers: the graph drops as it is
};

// A layer that is called after dropout.
struct ReportedDropout {
  std::string scope;
  std::string tensor;  // what it gives
  DropoutState state = DropoutState::passes;
  std::string dial;  // a tensor that can be fed to say how much is kept, or whether; may be empty
};

// Operations on numbers of few bits that became operations on floats.
struct ReportedFloatOps {
  std::size_t operations = 0;
  std::size_t roundings = 0;  // that are gone: each moved a number by at most a step of its tensor's range
  std::vector<std::string> left;  // what stays as it was, and why: a sentence each
};

// Of a model that had variables.
struct ReportedCarried {
  std::string values_path;          // the checkpoint's prefix
  std::size_t variables = 0;        // of the graph, those of `state` among them
  std::vector<std::string> state;   // those that the graph itself changes: they are what they were
  std::vector<std::string> others;  // keys of entries that no variable of the graph has
  std::size_t left_out = 0;         // nodes that no output needs
};

}  // namespace thaw
