// Matching below another scope: `model/deepspeech/h1` for `h1`, found without being told.
#pragma once

#include "match/by_name.h"

namespace thaw::internal {

// What is taken from the front of the weights' names and put there instead.
struct ScopeShift {
  std::string strip, add;
  std::string text() const;  // "scope 'model' added"
  std::optional<std::string> shifted(const std::string& name) const;
  bool operator==(const ScopeShift&) const = default;
};

// The scopes that explain most names, again and again until none is left. Where two explain the same weights
// equally well, neither is taken and both are returned.
std::vector<ScopeShift> match_scopes(Board& board, const StageNames& names);

}  // namespace thaw::internal
