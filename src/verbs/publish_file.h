// One file made from a recipe, staged, looked at and published.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "io/recipe.h"
#include "thaw/destination.h"
#include "thaw/transplant.h"

namespace thaw::internal {

struct FileToPublish {
  const std::filesystem::path& path;
  const Recipe& recipe;
  // Looks at the staged file before it is published; it throws bug to keep it from that.
  std::function<void(const SourcePtr& written)> prove;
};

void publish_file(const FileToPublish& file, const TransplantOptions& options,
                  const std::shared_ptr<Destination>& destination);

// Throws bug, telling where, when the file is not what the recipe makes.
void prove_bytes(const Recipe& recipe, const Source& written);
[[noreturn]] void fail_proof(const std::string& what);

// Throws output_exists when `path` is the file that `source` reads, with --force, too.
void refuse_to_replace_file(const std::filesystem::path& path, const Source& source, const std::string& what,
                            const Destination& destination);

}  // namespace thaw::internal
