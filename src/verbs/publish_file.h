// One file made from a recipe, staged, looked at and published.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "io/recipe.h"
#include "thaw/destination.h"
#include "verbs/publish_checkpoint.h"

namespace thaw::internal {

struct FileToPublish {
  const std::filesystem::path& path;
  const Recipe& recipe;
  // Looks at the staged file before it is published; it throws bug to keep it from that.
  std::function<void(const SourcePtr& written)> prove;
  std::string promised = kCopy;  // what is expected, for the message
  static constexpr const char* kCopy = "the target with other values";
};

void publish_file(const FileToPublish& file, const PublishWishes& wishes,
                  const std::shared_ptr<Destination>& destination);

[[noreturn]] void fail_proof(const std::string& what, const std::string& promised = FileToPublish::kCopy);

}  // namespace thaw::internal
