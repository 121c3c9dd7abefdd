// One of the two things that a diff is about, opened: its graph and its weights, where it has them.
#pragma once

#include <memory>
#include <optional>

#include "subject/open_subject.h"
#include "target/target.h"
#include "thaw/diff.h"

namespace thaw::internal {

struct ComparedSide {
  DiffSide told;
  Subject subject;                      // empty for files of Keras
  std::optional<Target> keras;          // a file of Keras weights
  const Model* model = nullptr;         // the graph that is compared; points into `subject`
  std::unique_ptr<const Model> floats;  // of a frozen graph, where weights are stored in few bits

  // The graph that a thawed one is compared with.
  const Model& frozen() const { return floats ? *floats : *model; }

  ComparedSide() = default;
  ComparedSide(ComparedSide&&) = delete;  // `model` would point elsewhere
};

// `tag_set` chooses the graph of a SavedModel. Throws what open_subject and choose_model throw.
void open_side(const Destination& files, const std::filesystem::path& path, const std::string& tag_set,
               ComparedSide& side);

}  // namespace thaw::internal
