// FilePublication: one file, staged under a temporary name beside its final one, looked at, and then put in
// its place by one rename. Whoever kills it, and wherever: there is the old file, whole, or the new one.
//
//   dir/.model.weights.h5.thaw-RUN     staged by a run; runs that died are cleared away by the next
#pragma once

#include "io/publication.h"

namespace thaw::internal {

class FilePublication {
 public:
  // Makes the folder. Throws output_exists when something is at `path` and `force` was not given.
  FilePublication(std::shared_ptr<Destination> destination, std::filesystem::path path,
                  PublicationOptions options);
  // Without a `commit` that returned, nothing has changed.
  ~FilePublication();
  FilePublication(const FilePublication&) = delete;
  FilePublication& operator=(const FilePublication&) = delete;

  void append(Bytes bytes);
  // After this nothing can be appended: the staged bytes.
  SourcePtr finish();
  void commit();

  // Before the first byte: how many there will be.
  void begin(std::uint64_t size);

 private:
  void abandon() noexcept;

  std::shared_ptr<Destination> destination_;
  std::filesystem::path path_;
  PublicationOptions options_;
  std::filesystem::path staged_;
  std::unique_ptr<OutputFile> file_;
  std::vector<std::filesystem::path> made_folders_;
  bool done_ = false;
};

}  // namespace thaw::internal
