// A checkpoint of the first format: its tensors are read whole, and verified.
#include "checkpoint/v1_fixture.h"
#include "fuzz/mutate_table.h"
#include "fuzz/small_disk.h"
#include "fuzz/targets.h"
#include "thaw/checkpoint_file.h"
#include "thaw/inspect.h"
#include "thaw/verify.h"

namespace thaw::internal {

namespace {

void run_v1(const std::string& input) {
  const auto disk = std::make_shared<SmallDisk>();
  disk->files()["out/old.ckpt"] = input;
  goes_through([&] {
    CheckpointReader reader("out/old.ckpt", disk);
    for (const CheckpointTensor& tensor : reader.tensors()) {
      const Value value = reader.value(tensor.key);
      require(value.dtype() == tensor.dtype && value.shape() == tensor.shape,
              "a value of another type or shape");
      const bool large = value.element_count() > 1 << 20;
      if (!large && value.dtype() != DType::string)
        require(value.bytes().size() == value.byte_size(), "another size");
    }
  });
  goes_through([&] {
    const VerifyReport report = verify_checkpoint("out/old.ckpt", {}, disk);
    require_words(report);
  });
}

std::vector<std::string> v1_seeds() {
  using namespace v1_fixture;
  return {file_of(kTensors), file_of({kTensors[0]}), file_of({kTensors[2]})};
}

}  // namespace

FuzzTarget v1_target() { return {"v1", "a checkpoint of the first format", run_v1, mutate_table, v1_seeds}; }

}  // namespace thaw::internal
