// What the operating system answered, as an Error with something to try.
#pragma once

#include <filesystem>
#include <string_view>

#include "thaw/error.h"

namespace thaw::internal {

// output_io: "cannot `action` 'path': No space left on device", with the expectation and the hint that fit
// `error` (a value of errno).
Error output_error(std::string_view action, const std::filesystem::path& path, int error);

}  // namespace thaw::internal
