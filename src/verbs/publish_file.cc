#include "verbs/publish_file.h"

#include "io/file_publication.h"
#include "io/same_bytes.h"
#include "thaw/error.h"

namespace thaw::internal {

void publish_file(const FileToPublish& file, const PublishWishes& wishes,
                  const std::shared_ptr<Destination>& destination) {
  FilePublication out(destination, file.path,
                      {.force = wishes.force, .sync = wishes.sync, .stop = wishes.stop});
  out.begin(file.recipe.size());
  std::uint64_t done = 0;
  file.recipe.pour([&](Bytes bytes) {
    out.append(bytes);
    done += bytes.size();
    if (wishes.progress) wishes.progress(done, file.recipe.size());
  });
  const SourcePtr written = out.finish();
  file.prove(written);
  const std::optional<Range> other = wishes.verify ? find_difference(file.recipe, *written) : std::nullopt;
  if (other)
    fail_proof("differs in the " + std::to_string(other->size) + " bytes at " + std::to_string(other->at),
               file.promised);
  out.commit();
}

void fail_proof(const std::string& what, const std::string& promised) {
  throw Error(ErrorKind::bug, "the written file " + what, promised,
              "nothing was published; please report this with what was read");
}

}  // namespace thaw::internal
