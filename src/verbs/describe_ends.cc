#include "verbs/describe_ends.h"

#include <algorithm>

#include "export/renamed_signature.h"
#include "verbs/wanted_outputs.h"

namespace thaw::internal {

namespace {

// Under the names that nodes have by now.
std::vector<NamedMessage> signatures_now(const Draft& draft, const Model& model) {
  const auto name_now = [&](Bytes node) -> std::optional<std::string> {
    const NodeId id = model.graph->find(node);
    if (id == kNoNode || draft.is_removed(id)) return std::nullopt;
    return draft.name(id);
  };
  std::vector<NamedMessage> signatures;
  for (const NamedMessage& signature : model.envelope.signatures) {
    if (std::optional<NamedMessage> now = renamed_signature(signature, name_now))
      signatures.push_back(std::move(*now));
  }
  return signatures;
}

// Of serving_default, else of the first one that has any.
std::vector<std::string> default_outputs(const std::vector<NamedMessage>& signatures) {
  std::vector<std::string> first;
  for (const NamedMessage& signature : signatures) {
    std::vector<std::string> names = read_signature(signature).names();
    if (signature.name == "serving_default" && !names.empty()) return names;
    if (first.empty()) first = std::move(names);
  }
  return first;
}

// As the draft calls them by now.
std::vector<std::string> filler_names(const Draft& draft, const Model& model) {
  std::vector<std::string> names;
  for (const std::string& filler : model.envelope.table_fillers) {
    const NodeId id = model.graph->find(filler);
    if (id != kNoNode && !draft.is_removed(id)) names.push_back(draft.name(id));
  }
  return names;
}

void add_default_signature(MetaGraphParts& parts) {
  const auto is_default = [](const NamedMessage& signature) { return signature.name == "serving_default"; };
  if (std::ranges::none_of(parts.signatures, is_default))
    parts.signatures.push_back({"serving_default", encode_signature(parts.signature)});
}

}  // namespace

void describe_ends(Rewritten& done, const Model& model, const std::vector<std::string>& outputs) {
  MetaGraphParts& parts = done.parts;
  if (outputs.empty()) done.carried_signatures = signatures_now(done.draft, model);
  parts.signatures = done.carried_signatures;
  parts.signature = find_signature(done.draft, outputs.empty() ? default_outputs(parts.signatures) : outputs);
  // Loaders feed these, not callers.
  std::erase_if(parts.signature.inputs, [&](const Endpoint& input) {
    return std::ranges::any_of(model.envelope.assets,
                               [&](const AssetFileDef& asset) { return asset.tensor == input.tensor; });
  });
  add_default_signature(parts);
  parts.table_fillers = filler_names(done.draft, model);
}

}  // namespace thaw::internal
