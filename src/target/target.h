// Target: the user's side of a transplant, whatever kind of file it is. It is only read.
#pragma once

#include <cstdint>
#include <filesystem>

#include "match/slots.h"
#include "thaw/destination.h"

namespace thaw::internal {

struct Target {
  std::string path;
  std::string format;  // "checkpoint", as reports call it
  std::vector<Slot> slots;
  std::vector<std::string> warnings;
};

// A checkpoint of either format (its prefix, one of its files, or its folder, also that of a SavedModel), a
// MetaGraphDef or GraphDef that holds
// variables, or a list of names. `seed` lets initialisers draw that do. Throws input_io, malformed,
// unsupported.
Target open_target(const Destination& files, const std::filesystem::path& path,
                   std::optional<std::uint64_t> seed);

}  // namespace thaw::internal
