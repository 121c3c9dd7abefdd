// A SavedModel made of what thawing made, before anything of it is written.
#pragma once

#include <filesystem>

#include "io/recipe.h"
#include "verbs/carried_assets.h"
#include "verbs/rewrite.h"

namespace thaw::internal {

struct SavedModelDraft {
  Recipe file;                  // saved_model.pb
  CheckpointContents contents;  // of variables/variables
  std::optional<Draft>
      session;  // the main graph, when it is that of the .meta; else it is the functional one
  CarriedAssets assets;
  ReportedSavedModel report;
};

// `rewritten` holds a functional graph, and keeps the plan's and drafts' bytes. Assets of `model` are looked
// for in `files`.
SavedModelDraft draft_saved_model(const Rewritten& rewritten, const Model& model, const Destination& files,
                                  const ThawOptions& options);

}  // namespace thaw::internal
