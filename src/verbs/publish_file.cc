#include "verbs/publish_file.h"

#include "io/file_publication.h"
#include "thaw/error.h"

namespace thaw::internal {

void publish_file(const FileToPublish& file, const TransplantOptions& options,
                  const std::shared_ptr<Destination>& destination) {
  PublicationOptions publication;
  publication.force = options.force;
  publication.sync = options.sync;
  publication.stop = options.stop;
  FilePublication out(destination, file.path, std::move(publication));
  out.begin(file.recipe.size());
  std::uint64_t done = 0;
  file.recipe.pour([&](Bytes bytes) {
    out.append(bytes);
    done += bytes.size();
    if (options.progress) options.progress(done, file.recipe.size());
  });
  const SourcePtr written = out.finish();
  file.prove(written);
  if (options.verify) prove_bytes(file.recipe, *written);
  out.commit();
}

void fail_proof(const std::string& what) {
  throw Error(ErrorKind::bug, "the written file " + what, "the target with other values",
              "nothing was published; please report this with the target");
}

void prove_bytes(const Recipe& recipe, const Source& written) {
  std::uint64_t at = 0;
  std::string own;
  recipe.pour([&](Bytes bytes) {
    own.resize(bytes.size());
    written.read_at(at, std::as_writable_bytes(std::span(own)));
    if (own != bytes)
      fail_proof("differs in the " + std::to_string(bytes.size()) + " bytes at " + std::to_string(at));
    at += bytes.size();
  });
}

void refuse_to_replace_file(const std::filesystem::path& path, const Source& source, const std::string& what,
                            const Destination& destination) {
  if (!destination.is_file_of(path, source)) return;
  throw Error(ErrorKind::output_exists, escaped(path.string()) + " is " + what + " that is being read",
              "another place for the result", "choose another name with --output");
}

}  // namespace thaw::internal
