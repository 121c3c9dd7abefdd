// A file of Keras, as HDF5 or in a zip archive: what is in it is listed, and weights are put into a copy of
// it.
#include "fuzz/small_disk.h"
#include "fuzz/targets.h"
#include "fuzz/test_data.h"
#include "keras/h5_file.h"
#include "keras/zip_archive.h"
#include "support/graph_text.h"
#include "thaw/inspect.h"
#include "thaw/thaw.h"

namespace thaw::internal {

namespace {

// Weights of the shapes that the files begin with, some of them.
const std::string kDonorModel = R"(
  x = Placeholder f32[?,3]
  stem/kernel = Const f32[3,2]
  stem/kernel/read = Identity:f32 stem/kernel
  stem/bias = Const f32[2]
  stem/bias/read = Identity:f32 stem/bias
  h = MatMul:f32 x stem/kernel/read
  y = BiasAdd:f32 h stem/bias/read
)";

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
  static const std::string model = graph_text::graph_bytes(kDonorModel);
  TransplantOptions options;
  options.missing = MissingWish::keep;
  options.verify = true;
  const bool done = goes_through(
      [&] {
        const TransplantReport report = transplant_model(
            memory_source(model, "model"), name, "out/copy" + name.substr(name.find('.')), options, disk);
        require(!to_text(report, {}).empty() && !to_json(report).empty(), "a report without words");
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
