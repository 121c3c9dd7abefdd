// What a file is for: the outputs that somebody named, or those of a signature.
#pragma once

#include <string>
#include <vector>

#include "model/model.h"
#include "thaw/report.h"

namespace thaw::internal {

// The nodes of outputs as they are typed, "a" or "a:0". Throws usage for one that is not there, with the
// nearest names.
std::vector<NodeId> find_wanted(const Graph& graph, const std::vector<std::string>& outputs);

struct WantedOutputs {
  std::string signature;                        // its name; empty for outputs that were named
  std::vector<ReportedTensor> inputs, outputs;  // what it says of its tensors; names as they were typed
  std::vector<std::string> names() const;       // of the outputs
};

// What a signature says of its tensors, those of sparse and composite ones among them.
WantedOutputs read_signature(const NamedMessage& signature);
// Those of a model that compute something: the loader's own (python/saved_model/constants.py) are operations
// to run.
std::vector<const NamedMessage*> signatures_of(const Model& model);
// An error that lists them. `wanted`: the name that none has, or empty for the choice among several.
[[noreturn]] void fail_without_signature(const std::vector<const NamedMessage*>& signatures,
                                         const std::string& wanted);

// `named`, else a signature of the model: the one of that name, serving_default, the only one. Throws usage
// where that is none, listing signatures or likely outputs.
WantedOutputs choose_outputs(const Model& model, const std::vector<std::string>& named,
                             const std::string& signature);

}  // namespace thaw::internal
