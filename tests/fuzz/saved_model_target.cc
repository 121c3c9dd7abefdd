// A SavedModel's folder: its graph, the index and the data of its variables, packed (fuzz/packed_files.h).
// Looked into, verified, thawed and frozen; nothing of it is ever changed.
#include "fuzz/mutate_table.h"
#include "fuzz/packed_files.h"
#include "fuzz/small_disk.h"
#include "fuzz/targets.h"
#include "fuzz/test_data.h"
#include "thaw/freeze.h"
#include "thaw/inspect.h"
#include "thaw/thaw.h"
#include "thaw/verify.h"

namespace thaw::internal {

namespace {

constexpr const char* kSavedFiles[] = {"in/saved_model.pb", "in/variables/variables.index",
                                       "in/variables/variables.data-00000-of-00001"};

std::shared_ptr<SmallDisk> folder_of(const std::string& input) {
  const auto disk = std::make_shared<SmallDisk>();
  const std::vector<std::string> files = unpack(input, std::size(kSavedFiles));
  for (std::size_t i = 0; i < files.size(); ++i) disk->files()[kSavedFiles[i]] = files[i];
  return disk;
}

void run_saved_model(const std::string& input) {
  const auto disk = folder_of(input);
  const auto before = disk->files();
  goes_through([&] { require_words(inspect("in", {}, disk)); });
  goes_through([&] { require_words(verify_checkpoint("in", {}, disk)); });
  const bool frozen = goes_through([&] { freeze_model("in", "out/frozen.pb", {}, disk); }, true);
  require(disk->files().size() == before.size() + (frozen ? 1 : 0), "freezing left other files");
  disk->files() = before;
  const bool thawed = goes_through(
      [&] {
        ThawOptions options;
        options.saved_model = "out/saved";
        thaw_model(disk->open("in/saved_model.pb"), "out/model.ckpt", options, disk);
      },
      true);
  require(thawed || disk->files().size() == before.size(), "refused, and a file is left");
  for (const auto& [path, bytes] : before) require(disk->files().at(path) == bytes, "an input was changed");
}

std::vector<std::string> saved_seeds() {
  std::vector<std::string> seeds;
  for (const std::string& model : contents_of("small_models")) {
    const auto disk = std::make_shared<MemoryDestination>();
    ThawOptions options;
    options.saved_model = "in";
    try {
      thaw_model(memory_source(model, "model"), "", options, disk);
    } catch (const Error&) {
      continue;  // not all of them are for SavedModels
    }
    std::vector<std::string> files;
    for (const char* path : kSavedFiles) files.push_back(disk->files()[path]);
    seeds.push_back(pack(files));
  }
  return seeds;
}

std::string mutate_message(const std::string& file, const std::string& donor, Chance& chance) {
  return chance.below(4) == 0 ? mutate_bytes(file, chance) : mutate_fields(file, donor, chance);
}

std::string mutate_rest(const std::string& file, const std::string&, Chance& chance) {
  return chance.below(4) == 0 ? mutate_bytes(file, chance) : file;
}

}  // namespace

FuzzTarget saved_model_target() {
  return {"saved_model", "a SavedModel's graph, index and data", run_saved_model,
          mutate_one_of({mutate_message, mutate_table, mutate_rest}), saved_seeds};
}

}  // namespace thaw::internal
