// The signatures of a SavedModel: those of the input, and one made of what the graph takes and gives.
#pragma once

#include <string>
#include <vector>

#include "export/object_form.h"
#include "export/signature.h"
#include "model/model.h"

namespace thaw::internal {

// Carried ones, decoded; those that name tensors that are not there, or more than plain tensors, are left
// out.
std::vector<SavedSignature> carried_signatures(const Graph& graph, const std::vector<NamedMessage>& messages);

// `serving_default`: the outputs, under names that Python takes as keywords, and the placeholders that they
// are computed from.
SavedSignature own_signature(const Graph& graph, const Signature& signature);

// As a MetaGraphDef has it.
NamedMessage encode_signature_def(const Graph& graph, const SavedSignature& signature);

}  // namespace thaw::internal
