// FolderPublication: a folder and all in it, staged under a temporary name beside its final one, looked at,
// and then put in its place by one rename; the old one changes places with it. Whoever kills it, and
// wherever: there is the old folder, whole, or the new one. Where folders cannot change places the old one is
// moved away first, and a run that is killed then leaves it to the next one to put it back.
//
//   dir/.saved.thaw-RUN          staged by a run, or the old folder once they have changed places; what dead
//                                runs have left is cleared away by the next
//   dir/.saved.thaw-replaced     the old folder, where they cannot, while the new one takes its place
#pragma once

#include "io/publication.h"
#include "io/recipe.h"

namespace thaw::internal {

class FolderPublication {
 public:
  // Makes the parent folder and puts right what a killed run left. Throws output_exists when something is at
  // `path` and `force` was not given.
  FolderPublication(std::shared_ptr<Destination> destination, const std::filesystem::path& path,
                    PublicationOptions options);
  // Without a `commit` that returned, nothing has changed.
  ~FolderPublication();
  FolderPublication(const FolderPublication&) = delete;
  FolderPublication& operator=(const FolderPublication&) = delete;

  // The folder into which files are written; it has been made.
  const std::filesystem::path& staged() const { return staged_; }
  // A file in it, below folders that are made.
  void add(const std::filesystem::path& relative, const SourcePtr& content);
  void add(const std::filesystem::path& relative, const Recipe& content);
  void commit();

 private:
  std::unique_ptr<OutputFile> create(const std::filesystem::path& to, std::uint64_t size);
  void close(OutputFile& file, const std::filesystem::path& to);
  bool swap();
  void heal();
  void abandon() noexcept;

  std::shared_ptr<Destination> destination_;
  std::filesystem::path path_, staged_, replaced_;
  PublicationOptions options_;
  std::vector<std::filesystem::path> made_folders_;
  bool done_ = false;
};

// Files below a folder, relative to it, sorted. Throws input_io or output_io.
std::vector<std::filesystem::path> files_below(const Destination& files, const std::filesystem::path& folder);

}  // namespace thaw::internal
