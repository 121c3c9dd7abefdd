// Target: the user's side of a transplant, whatever kind of file it is. It is only read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>

#include "keras/zip_archive.h"
#include "match/slots.h"
#include "thaw/destination.h"
#include "thaw/transplant.h"

namespace thaw::internal {

// A target whose copy is the result: the same file with other values in their places.
struct FileWithPlaces {
  SourcePtr file;
  std::map<std::string, Range> places;  // by key
  std::optional<ZipMember> member;      // of an archive: where all places lie
};

struct Target {
  std::string path;
  std::string prefix;  // of the checkpoint that `path` stands for; empty when it is another file
  std::string format;  // "checkpoint", as reports call it
  std::vector<Slot> slots;
  std::vector<std::string> warnings;
  ResultKind result = ResultKind::checkpoint;  // of a SavedModel `path` is its folder
  bool ordinal = false;  // numbers in names are the places of layers, as the model has them, and nothing else
  std::optional<FileWithPlaces> patched;  // nothing for checkpoints, which are written anew
};

// A checkpoint of either format (its prefix, one of its files, or its folder, also that of a SavedModel), a
// MetaGraphDef or GraphDef that holds variables, a file of Keras, or a list of names. `seed` lets
// initialisers draw that do. Throws input_io, malformed, unsupported.
Target open_target(const Destination& files, const std::filesystem::path& path,
                   std::optional<std::uint64_t> seed);

}  // namespace thaw::internal
