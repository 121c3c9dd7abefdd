// Any bytes as the target of a transplant: a list of names, a report, a checkpoint, a graph with variables.
#include "fuzz/giving_model.h"
#include "fuzz/small_disk.h"
#include "fuzz/targets.h"
#include "fuzz/test_data.h"
#include "thaw/thaw.h"

namespace thaw::internal {

namespace {

const std::string kListedReport =
    R"({"schema": "thaw.inspect/1", "entries": [{"key": "model/layer1/kernel", "dtype": "float32", "shape": [3, 2]},)"
    R"( {"key": "model/layer1/bias", "dtype": "float32", "shape": [2]}, {"key": "global_step", "dtype": "int64", "shape": []}]})";

void run_list(const std::string& input) {
  static const SourcePtr model = giving_model("layer1");
  const auto disk = std::make_shared<SmallDisk>();
  disk->files()["in/target"] = input;
  TransplantOptions options;
  options.missing = input.size() % 3 == 0   ? MissingWish::error
                    : input.size() % 3 == 1 ? MissingWish::keep
                                            : MissingWish::zero;
  options.accept_order = input.size() % 2 == 0;
  if (input.size() % 5 == 0) options.optimizer = "adam";
  if (input.size() % 7 == 0) options.seed = 1;
  std::size_t written = 0;
  goes_through(
      [&] {
        const TransplantReport report = transplant_model(model, "in/target", "out/m", options, disk);
        written = report.files.size();
        require(report.complete || written == 0, "an incomplete plan was written");
        require_words(report);
      },
      true);
  require(disk->files().at("in/target") == input, "the target itself was changed");
  require(disk->files().size() == 1 + written, "other files than were reported");
}

std::string mutate_list(const std::string& input, const std::string& donor, Chance& chance) {
  switch (chance.below(3)) {
    case 0:
      return mutate_bytes(input, chance);
    case 1:
      return mutate_fields(input, donor, chance);
    default:
      return mutate_words(input, chance);
  }
}

std::vector<std::string> list_seeds() {
  std::vector<std::string> seeds = {"layer1/kernel float32 [3, 2]\nlayer1/bias float32 [2]\n",
                                    "# mine\nmodel/dense/kernel:0 float32 (3, 2)\nmodel/dense/bias:0 float32 "
                                    "[?]\nstep int64 []\nz float16 None\n",
                                    kListedReport};
  for (const auto& path : files_of("small_models")) {
    if (path.extension() == ".meta" || path.extension() == ".pb") seeds.push_back(whole_file(path));
  }
  const auto disk = std::make_shared<MemoryDestination>();
  thaw_model(giving_model("layer1"), "m", {}, disk);
  seeds.push_back(disk->files().at("m.meta"));
  seeds.push_back(disk->files().at("m.index"));
  return seeds;
}

}  // namespace

FuzzTarget list_target() { return {"list", "a target of a transplant", run_list, mutate_list, list_seeds}; }

}  // namespace thaw::internal
