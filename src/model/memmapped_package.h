// The memory-mapped package (DeepSpeech's .pbmm), core/util/memmapped_file_system.{h,proto}.
//
// Bytes: regions at aligned offsets, then a MemmappedFileSystemDirectory, then its offset as eight bytes,
// little endian. Directory: repeated element = 1 { uint64 offset = 1, string name = 2, uint64 length = 3
// (later writers only) }. The graph is the region "memmapped_package://."; the graph's ImmutableConst nodes
// {dtype, shape, memory_region_name} have their elements in regions of their own, in the form of a
// checkpoint's data file.
#pragma once

#include <map>
#include <string>

#include "thaw/source.h"

namespace thaw::internal {

// Whether the end of the file is the directory of a package.
bool is_memmapped_package(const Source& source);

// The package as a source of an ordinary GraphDef: its ImmutableConst nodes read as Const. Nothing large is
// copied. Throws malformed.
SourcePtr open_memmapped_graph(const SourcePtr& package);

}  // namespace thaw::internal
