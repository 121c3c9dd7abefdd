#include "verbs/publish_file.h"

#include "io/file_publication.h"
#include "io/same_bytes.h"
#include "thaw/error.h"

namespace thaw::internal {

void publish_file(const FileToPublish& file, const TransplantOptions& options,
                  const std::shared_ptr<Destination>& destination) {
  FilePublication out(destination, file.path,
                      {.force = options.force, .sync = options.sync, .stop = options.stop});
  out.begin(file.recipe.size());
  std::uint64_t done = 0;
  file.recipe.pour([&](Bytes bytes) {
    out.append(bytes);
    done += bytes.size();
    if (options.progress) options.progress(done, file.recipe.size());
  });
  const SourcePtr written = out.finish();
  file.prove(written);
  const std::optional<Range> other = options.verify ? find_difference(file.recipe, *written) : std::nullopt;
  if (other)
    fail_proof("differs in the " + std::to_string(other->size) + " bytes at " + std::to_string(other->at));
  out.commit();
}

void fail_proof(const std::string& what) {
  throw Error(ErrorKind::bug, "the written file " + what, "the target with other values",
              "nothing was published; please report this with the target");
}

}  // namespace thaw::internal
