// Paths from the root on.
#pragma once

#include <filesystem>

namespace thaw::internal {

// Without dots. Throws output_io when the current folder is not to be found any more.
std::filesystem::path absolute_path(const std::filesystem::path& path);

}  // namespace thaw::internal
