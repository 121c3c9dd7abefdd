// Any bytes as a model: it is thawed, or refused and nothing is left of it. How, the input's checksum says,
// so that an input is always the same run.
#include "fuzz/small_disk.h"
#include "fuzz/targets.h"
#include "fuzz/test_data.h"
#include "io/crc32c.h"
#include "thaw/thaw.h"

namespace thaw::internal {

namespace {

ThawOptions chosen_options(const std::string& input) {
  ThawOptions options;
  const std::uint32_t choice = crc32c(input);
  options.verify = choice % 2 == 0;
  options.clear_devices = choice / 2 % 2 == 0;
  options.style = choice / 4 % 4 == 0 ? VariableStyle::ref : VariableStyle::resource;
  if (options.style == VariableStyle::resource && choice / 4 % 4 == 1) options.saved_model = "out/saved";
  options.expand_cells = choice / 16 % 4 == 0;
  options.float_ops = choice / 16 % 4 == 1;
  options.unfold_batch_norms = choice / 64 % 4 == 0;
  if (choice / 64 % 4 == 1) options.batch_norms = BatchNorms::batch;
  options.initializer = static_cast<Initializer>(choice / 256 % 3);
  if (choice / 1024 % 4 == 0) options.optimizer = "adam";
  if (choice / 4096 % 4 == 0) options.scope = "scope";
  if (choice / 4096 % 4 == 1) options.target_tf = "1.15";
  options.ema_twins = choice / 16384 % 4 == 0;
  return options;
}

void run_model(const std::string& input) {
  const auto disk = std::make_shared<SmallDisk>();
  const ThawOptions options = chosen_options(input);
  const bool thawed = goes_through(
      [&] {
        const ThawReport report = thaw_model(memory_source(input, "model"), "out/model.ckpt", options, disk);
        require(!report.variables.empty(), "thawed without a variable");
        require_words(report);
      },
      true);
  require(thawed == !disk->files().empty(), thawed ? "thawed, and no file" : "refused, and a file is left");
}

bool is_text(const std::string& bytes) {
  return std::ranges::none_of(bytes.substr(0, 64), [](char c) { return c >= 0 && c < 0x20 && c != '\n'; });
}

std::string mutate_model(const std::string& input, const std::string& donor, Chance& chance) {
  if (chance.below(4) == 0) return mutate_bytes(input, chance);
  return is_text(input) ? mutate_words(input, chance) : mutate_fields(input, donor, chance);
}

}  // namespace

FuzzTarget model_target() {
  return {"model", "a model of any kind", run_model, mutate_model,
          [] { return contents_of("small_models"); }};
}

}  // namespace thaw::internal
