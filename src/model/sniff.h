// Sniff: what kind of file this is, told by its first bytes and fields, and what to say when it is nothing
// this library takes.
#pragma once

#include <string>

#include "thaw/source.h"

namespace thaw::internal {

enum class FileKind : std::uint8_t {
  graph_def,
  meta_graph_def,
  saved_model,
  memmapped_package,
  graph_def_text,
  meta_graph_def_text,
  saved_model_text,
};

// Throws unsupported, naming what was seen, for every other kind, and malformed for an empty or broken file.
FileKind sniff(const Source& source);

// "frozen GraphDef", "MetaGraphDef", as reports call it.
std::string name_of(FileKind kind);

}  // namespace thaw::internal
