// The folder of a SavedModel while it is made: refused where it would be in the way of something, staged,
// looked at, and put in its place as a whole.
#pragma once

#include <functional>

#include "io/folder_publication.h"
#include "verbs/publish_checkpoint.h"

namespace thaw::internal {

// saved_model/constants.py and cc/saved_model/constants.h.
inline constexpr const char* kSavedModelFile = "saved_model.pb";
std::filesystem::path variables_prefix(const std::filesystem::path& folder);

// Both as absolute paths without a slash at the end.
bool is_around(const std::filesystem::path& outer, const std::filesystem::path& inner);

// Throws output_exists when there is something else than a SavedModel; `option` names the place.
void refuse_other_folder(const std::filesystem::path& place, const Destination& destination,
                         const std::string& option);

// What is in a folder that will be at `place`.
std::vector<ReportedFile> staged_files(const FolderPublication& out, const std::filesystem::path& place,
                                       const Destination& destination);

// `variables/variables.*` in a folder that is being staged, proved.
void stage_variables(const std::filesystem::path& folder, const CheckpointContents& contents,
                     const PublishWishes& wishes, const std::shared_ptr<Destination>& destination);

class SavedModelFolder {
 public:
  // Throws output_exists for a place that holds something else than a SavedModel, or, without `force`,
  // anything, and for one that holds the model that is being read; usage for one that holds `prefix`, the
  // checkpoint that is written, too.
  SavedModelFolder(const Source& model, std::filesystem::path place, const std::filesystem::path& prefix,
                   const PublishWishes& wishes, std::shared_ptr<Destination> destination);

  // Both files, the variables first. `prove` looks at the other one as it was written.
  void stage(const Recipe& saved_model, const CheckpointContents& contents,
             const std::function<void(const SourcePtr& written)>& prove);
  // A further file.
  void add(const std::filesystem::path& relative, const SourcePtr& file);
  // What is in it, under its final name.
  std::vector<ReportedFile> files() const;
  void commit() { out_.commit(); }

 private:
  const Source& model_;
  std::filesystem::path place_;
  const PublishWishes& wishes_;
  std::shared_ptr<Destination> destination_;
  FolderPublication out_;
};

}  // namespace thaw::internal
