// A checkpoint: index and data, packed (fuzz/packed_files.h). What can be read is written and read again the
// same; verifying says of anything what it is.
#include "checkpoint/bundle_fixture.h"
#include "fuzz/mutate_table.h"
#include "fuzz/packed_files.h"
#include "fuzz/small_disk.h"
#include "fuzz/targets.h"
#include "fuzz/test_data.h"
#include "thaw/checkpoint_file.h"
#include "thaw/verify.h"

namespace thaw::internal {

namespace {

constexpr std::int64_t kMostElements = 1 << 20;  // of a tensor that is read whole here

CheckpointContents contents_of_reader(CheckpointReader& reader) {
  CheckpointContents contents;
  for (const CheckpointTensor& tensor : reader.tensors()) {
    const Value value = reader.value(tensor.key);
    require(value.dtype() == tensor.dtype && value.shape() == tensor.shape,
            "a value of another type or shape");
    if (value.element_count() > kMostElements) throw Error(ErrorKind::unsupported, "large", "small", "less");
    contents.entries.push_back({tensor.key, contents.blobs.size(), {}});
    contents.blobs.push_back(value);
  }
  return contents;
}

void check_copy(const CheckpointContents& contents, const std::shared_ptr<SmallDisk>& disk) {
  CheckpointWriteOptions options;
  options.verify = true;
  write_checkpoint(contents, "out/copy", options, disk);
  CheckpointReader copy("out/copy", disk);
  require(copy.tensors().size() == contents.entries.size(), "a copy with other entries");
  for (const CheckpointEntry& entry : contents.entries)
    require(content_of(copy.value(entry.key)) == content_of(contents.blobs[entry.blob]),
            "a copy with other bits");
}

void run_bundle(const std::string& input) {
  const std::vector<std::string> files = unpack(input, 2);
  const auto disk = std::make_shared<SmallDisk>();
  disk->files()["out/m.index"] = files[0];
  disk->files()["out/m.data-00000-of-00001"] = files[1];
  const bool whole = goes_through(
      [&] {
        CheckpointReader reader("out/m", disk);
        const CheckpointContents contents = contents_of_reader(reader);
        if (!contents.entries.empty()) check_copy(contents, disk);
      },
      true);  // there are names that can be read and may not be written
  goes_through([&] {
    const VerifyReport report = verify_checkpoint("out/m", {}, disk);
    require_words(report);
    // Reading checks what it reads: what it refused, verifying must not call whole, unless it is only not
    // readable here.
    require(whole || !report.verified() || report.entries > 0,
            "an empty checkpoint that cannot be read is verified");
  });
}

std::vector<std::string> bundle_seeds() {
  const Bundle small = small_bundle();
  std::vector<std::string> seeds = {pack({small.index, small.data[0]})};
  for (const char* name : {"dtypes", "partitioned"}) {
    const std::string path = std::string(THAW_TEST_DATA) + "/bundles/" + name;
    seeds.push_back(pack({whole_file(path + ".index"), whole_file(path + ".data-00000-of-00001")}));
  }
  return seeds;
}

std::string mutate_data(const std::string& data, const std::string&, Chance& chance) {
  return data.empty() ? data : mutate_bytes(data, chance);
}

}  // namespace

FuzzTarget bundle_target() {
  return {"bundle", "a checkpoint's index and data", run_bundle, mutate_one_of({mutate_table, mutate_data}),
          bundle_seeds};
}

}  // namespace thaw::internal
