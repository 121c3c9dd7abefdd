// One of the two things that a diff is about, opened: its graph and its weights, where it has them.
#pragma once

#include <optional>

#include "subject/open_subject.h"
#include "target/target.h"
#include "thaw/diff.h"

namespace thaw::internal {

struct ComparedSide {
  DiffSide told;
  Subject subject;               // empty for files of Keras
  std::optional<Target> keras;   // a file of Keras weights
  const Model* model = nullptr;  // the graph that is compared; points into `subject`

  ComparedSide() = default;
  ComparedSide(ComparedSide&&) = delete;  // `model` would point elsewhere
};

// `tag_set` chooses the graph of a SavedModel. Throws what open_subject and choose_model throw.
void open_side(const Destination& files, const std::filesystem::path& path, const std::string& tag_set,
               ComparedSide& side);

}  // namespace thaw::internal
