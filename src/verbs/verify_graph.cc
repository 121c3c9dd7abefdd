#include "verbs/verify_graph.h"

#include "io/same_bytes.h"
#include "verbs/rewrite.h"

namespace thaw::internal {

namespace {

// Whether the file is, byte for byte, what thawing the model gives.
bool is_as_thawed(const Model& model, const Model& meta, const std::filesystem::path& prefix,
                  const VerifyOptions& options) {
  ThawOptions thawing;
  thawing.thaw = options.thaw;
  thawing.keep = options.keep;
  thawing.rename = options.rename;
  thawing.rules = options.rules;
  thawing.scope = options.scope;
  thawing.strip_prefix = options.strip_prefix;
  const Recipe recipe = write_meta_graph(rewrite(model, prefix, thawing));
  return recipe.size() == meta.file->size() && !find_difference(recipe, *meta.file);
}

}  // namespace

void verify_graph(const Model& model, const Model& meta, const std::filesystem::path& prefix,
                  const VerifyOptions& options, Findings& findings) {
  findings.begin("frozen");
  findings.count(model.graph->node_count());
  if (is_as_thawed(model, meta, prefix, options)) return findings.describe("byte for byte as thawed");
}

}  // namespace thaw::internal
