// Which checkpoint a path means: its prefix, one of its files, its folder, or the folder of a SavedModel.
#pragma once

#include <filesystem>
#include <optional>

#include "thaw/destination.h"

namespace thaw::internal {

enum class CheckpointFormat : std::uint8_t { v1, v2 };

struct FoundCheckpoint {
  std::filesystem::path prefix;  // of the first format: what names its file or files
  CheckpointFormat format = CheckpointFormat::v2;
};

// Nothing when `path` means no checkpoint, or a folder with several of them and no state file that names one.
// Of a folder the newest by its state file, else that of a SavedModel, else the only one. A `.meta` file is a
// graph, not a checkpoint. Throws input_io for one of the first format that lacks a file, malformed for a
// state file that is none.
std::optional<FoundCheckpoint> find_checkpoint(const Destination& files, const std::filesystem::path& path);

// To list a file is no folder; an empty folder is none.
bool is_folder(const Destination& files, const std::filesystem::path& path);

// The file of a folder that makes it a SavedModel's (saved_model/constants.py), binary before text.
std::optional<std::filesystem::path> saved_model_file(const Destination& files,
                                                      const std::filesystem::path& folder);
// A folder in it (saved_model/constants.py).
inline constexpr const char* kAssetsFolder = "assets";
bool is_saved_model(const Destination& files, const std::filesystem::path& folder);
// The prefix of its checkpoint, whether or not there is one.
std::filesystem::path variables_of(const std::filesystem::path& saved_model);

}  // namespace thaw::internal
