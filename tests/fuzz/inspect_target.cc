// Any bytes as whatever there is to look into: told as text, as tables and as JSON.
#include "fuzz/small_disk.h"
#include "fuzz/targets.h"
#include "fuzz/test_data.h"
#include "thaw/inspect.h"

namespace thaw::internal {

namespace {

// The name decides what some files are taken for.
constexpr const char* kNames[] = {"folder/model.pb", "folder/model.h5", "folder/checkpoint",
                                  "folder/model.ckpt.index"};

void run_inspect(const std::string& input) {
  const auto disk = std::make_shared<SmallDisk>();
  const std::string name = kNames[input.size() % std::size(kNames)];
  disk->files()[name] = input;
  goes_through([&] {
    InspectOptions options;
    options.statistics = input.size() % 8 < 4;
    options.tree_depth = 0;
    const InspectReport report = inspect(name, options, disk);
    InspectStyle style;
    style.width = 80;
    require(!to_text(report, style).empty() && !to_json(report).empty(), "a report without words");
    style.weights = style.ops = style.io = style.tree = style.statistics = true;
    to_tables(report, style);
  });
}

std::vector<std::string> all_seeds() {
  std::vector<std::string> seeds = {
      "model_checkpoint_path: \"model.ckpt\"\nall_model_checkpoint_paths: \"a\"\n"};
  for (const char* folder : {"small_models", "bundles", "keras"}) {
    for (std::string& bytes : contents_of(folder)) seeds.push_back(std::move(bytes));
  }
  return seeds;
}

}  // namespace

FuzzTarget inspect_target() {
  return {"inspect", "a file of any kind", run_inspect, model_target().mutate, all_seeds};
}

}  // namespace thaw::internal
