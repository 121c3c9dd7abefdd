#include "verbs/refuse_to_replace.h"

#include "thaw/error.h"

namespace thaw::internal {

void refuse_to_replace(const std::filesystem::path& path, const Source& source,
                       const Destination& destination, const Replacement& words) {
  if (!destination.is_file_of(path, source)) return;
  throw Error(ErrorKind::output_exists, escaped(path.string()) + " is " + words.what + " that is being read",
              std::string("another place for the ") + words.result,
              std::string("choose another ") + words.name + " with --output");
}

}  // namespace thaw::internal
