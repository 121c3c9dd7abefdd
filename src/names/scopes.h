// Scopes: names as paths of components between slashes, and which names TensorFlow takes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "thaw/source.h"

namespace thaw::internal {

// "scope/name"; a slash at the end of `scope` is not doubled, an empty scope adds nothing.
std::string add_scope(Bytes name, Bytes scope);

// What is left of a name below `prefix` ("a" and "a/" mean the same); nothing when the name is not below it.
// The result is a part of `name`.
std::optional<Bytes> strip_prefix(Bytes name, Bytes prefix);

bool is_below(Bytes name, Bytes scope);

// "a", "b" and "c" of "a/b/c"; never none.
std::vector<Bytes> components_of(Bytes name);
// "c" of "a/b/c".
Bytes last_component(Bytes name);
// "a/b" of "a/b/c", empty for a name without a slash.
Bytes parent_scope(Bytes name);

// Whether TensorFlow imports a node of this name (IsValidNodeName in
// core/common_runtime/graph_constructor.cc): pieces joined by '>', each a letter, digit or dot followed by
// letters, digits and _ - . /.
bool valid_node_name(Bytes name);
// Why not, as the end of a sentence about the name; nothing for a valid one.
std::optional<std::string> why_invalid_node_name(Bytes name);

}  // namespace thaw::internal
