// A file of Keras, as HDF5 or in a zip archive: what is in it is listed, and weights are put into a copy of
// it.
#include "fuzz/giving_model.h"
#include "fuzz/small_disk.h"
#include "fuzz/targets.h"
#include "fuzz/test_data.h"
#include "keras/h5_file.h"
#include "keras/zip_archive.h"
#include "thaw/thaw.h"

namespace thaw::internal {

namespace {

bool inside(const Range& range, std::size_t size) {
  return range.at <= size && range.size <= size - range.at;
}

void list_members(const std::string& input) {
  const SourcePtr file = memory_source(input, "file");
  goes_through([&] {
    for (const H5Dataset& dataset : read_h5(file).datasets)
      require(!dataset.fault.empty() || inside(dataset.data, input.size()), "numbers outside of the file");
  });
  goes_through([&] {
    for (const ZipMember& member : read_zip(*file))
      require(!member.fault.empty() || inside(member.data, input.size()), "a member outside of the file");
  });
}

void fill_copy(const std::string& input, const std::string& name, const std::shared_ptr<SmallDisk>& disk) {
  static const SourcePtr model = giving_model("stem");
  TransplantOptions options;
  options.missing = MissingWish::keep;
  options.verify = true;
  const bool done = goes_through(
      [&] {
        const TransplantReport report =
            transplant_model(model, name, "out/copy" + name.substr(name.find('.')), options, disk);
        require_words(report);
      },
      true);
  require(disk->files().at(name) == input, "the target itself was changed");
  require(done || disk->files().size() == 1, "refused, and a file is left");
}

void run_keras(const std::string& input) {
  list_members(input);
  const std::string name = input.starts_with("PK") ? "in/target.keras" : "in/target.weights.h5";
  const auto disk = std::make_shared<SmallDisk>();
  disk->files()[name] = input;
  fill_copy(input, name, disk);
}

}  // namespace

FuzzTarget keras_target() {
  return {"keras", "a file of Keras", run_keras,
          [](const std::string& input, const std::string&, Chance& chance) {
            return mutate_bytes(input, chance);
          },
          [] { return contents_of("keras"); }};
}

}  // namespace thaw::internal
