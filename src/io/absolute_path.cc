#include "io/absolute_path.h"

#include "thaw/error.h"

namespace thaw::internal {

std::filesystem::path absolute_path(const std::filesystem::path& path) {
  std::error_code failed;
  const std::filesystem::path whole = std::filesystem::absolute(path, failed);
  if (!failed) return whole.lexically_normal();
  throw Error(ErrorKind::output_io, "the current folder cannot be told: " + failed.message(),
              "a current folder that is there", "go to another folder, or give whole paths");
}

}  // namespace thaw::internal
