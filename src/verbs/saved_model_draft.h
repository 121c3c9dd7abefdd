// A SavedModel made of what thawing made, before anything of it is written.
#pragma once

#include <filesystem>

#include "io/recipe.h"
#include "verbs/rewrite.h"

namespace thaw::internal {

struct SavedModelDraft {
  Recipe file;                  // saved_model.pb
  CheckpointContents contents;  // of variables/variables
  std::optional<Draft>
      session;  // the main graph, when it is that of the .meta; else it is the functional one
  ReportedSavedModel report;
};

// `rewritten` holds a functional graph, and keeps the plan's and drafts' bytes.
SavedModelDraft draft_saved_model(const Rewritten& rewritten, const ThawOptions& options);

}  // namespace thaw::internal
