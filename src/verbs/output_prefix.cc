#include "checkpoint/bundle_names.h"
#include "thaw/thaw.h"

namespace thaw {

std::filesystem::path output_prefix(const std::filesystem::path& model, const std::string& output) {
  if (output.empty()) return std::filesystem::path(model.stem().string() + ".thawed") / "model.ckpt";
  const std::filesystem::path path = output;
  std::error_code ignored;
  if (output.ends_with('/') || std::filesystem::is_directory(path, ignored)) return path / "model.ckpt";
  return internal::prefix_of(path);
}

}  // namespace thaw
