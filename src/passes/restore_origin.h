// A thawed graph on its way back: what thawing did beyond making variables is undone (model/origin.h), so
// that the frozen file is the one it was made from, with other values.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "draft/draft.h"
#include "model/origin.h"

namespace thaw::internal {

// The value of a variable by its node's name; nothing when there is none.
using ValueOf = std::function<std::optional<Value>(const std::string& variable)>;

// Before pruning and before variables are made constants: all nodes of the original, none of those that
// thawing added are taken by them any more. Nothing is done to a graph in which a node that was changed by
// thawing has been changed again: the result says which, as the end of a sentence; it is empty when all is
// done.
std::string restore_origin(Draft& draft, const OriginRecord& origin, const ValueOf& value_of);

// The names that Thaw found better; those that somebody asked for stay.
void restore_names(Draft& draft, const OriginRecord& origin);

}  // namespace thaw::internal
