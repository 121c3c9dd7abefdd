#include "checks/check_bundle.h"

#include <algorithm>
#include <tuple>

#include "checkpoint/bundle_names.h"
#include "checkpoint/stored_value.h"
#include "checkpoint/string_tensor.h"
#include "checks/bundle_index.h"
#include "subject/object_names.h"

namespace thaw::internal {

namespace {

// Of one data file: it is read from front to back, every byte once.
class ShardChecker {
 public:
  ShardChecker(SourcePtr file, ReadingProgress& progress, Findings& findings)
      : file_(std::move(file)), progress_(progress), findings_(findings) {}

  // In the order of their places.
  void check(const StoredTensor& tensor) {
    const Range range = tensor.entry.range;
    const FindingPlace place{file_->name(), range.at, tensor.key};
    if (range.at > file_->size() || range.size > file_->size() - range.at) {
      findings_.add(ProblemKind::damaged, place,
                    {std::to_string(range.size) + " bytes at byte " + std::to_string(range.at),
                     "at most " + std::to_string(file_->size()) + ", the size of the file",
                     "the file is cut, or it and the index are of different saves"});
      end_ = std::max(end_, file_->size());
      return;
    }
    if (range.at > end_) gap({end_, range.at - end_});
    end_ = std::max(end_, range.at + range.size);
    try {
      const bool known =
          last_ == range && last_crc_ == tensor.entry.crc && last_strings_ == is_strings(tensor);
      if (tensor.key == kObjectGraphKey && is_strings(tensor)) {
        read_object_graph(tensor.entry);
      } else if (!known) {
        read(tensor.entry);
      }
      last_ = range;
      last_crc_ = tensor.entry.crc;
      last_strings_ = is_strings(tensor);
      findings_.count(1, known ? 0 : range.size);
    } catch (const Error& error) {
      findings_.add(error, place);
    }
  }

  // Of the objects that a checkpoint of TensorFlow 2 is made of, when it was here.
  std::optional<std::string>& object_graph() { return object_graph_; }

  void finish() {
    if (end_ < file_->size()) gap({end_, file_->size() - end_});
  }

 private:
  static bool is_strings(const StoredTensor& tensor) { return tensor.entry.dtype == DType::string; }

  void read(const BundleEntry& entry) {
    if (entry.dtype == DType::string) {
      const Value strings = stored_strings(entry.shape, file_, entry.range, entry.crc);
      strings.for_each_string([this](Bytes element) { progress_.add(element.size()); });
      return;
    }
    if (entry.range.size == 0 && entry.crc != 0)
      throw Error(ErrorKind::malformed, "an empty tensor with checksum " + std::to_string(entry.crc), "0");
    // As bytes: of variants, too, whose checksum covers them as they lie there.
    const auto size = static_cast<std::int64_t>(entry.range.size);
    const Value bytes = stored_value(DType::uint8, Shape({size}), file_, entry.range, entry.crc);
    bytes.pour([this](Bytes piece) { progress_.add(piece.size()); });
  }

  void read_object_graph(const BundleEntry& entry) {
    std::string graph;
    stored_strings(entry.shape, file_, entry.range, entry.crc).for_each_string([&](Bytes element) {
      graph = element;
    });
    progress_.add(entry.range.size);
    object_graph_ = std::move(graph);
  }

  void gap(Range gap) {
    findings_.warn({file_->name(), gap.at}, std::to_string(gap.size) + " bytes that belong to no tensor");
  }

  SourcePtr file_;
  ReadingProgress& progress_;
  Findings& findings_;
  std::uint64_t end_ = 0;  // of what tensors own so far
  Range last_;
  std::uint32_t last_crc_ = 0;
  bool last_strings_ = false;
  std::optional<std::string> object_graph_;
};

class BundleChecker {
 public:
  BundleChecker(const Destination& files, const std::filesystem::path& prefix, ReadingProgress& progress,
                Findings& findings)
      : files_(files), prefix_(prefix), progress_(progress), findings_(findings) {}

  StoredTensors run() {
    const std::filesystem::path path = index_path(prefix_);
    const SourcePtr file = files_.open(path);
    findings_.begin("index");
    std::optional<BundleIndex> index = read_bundle_index(file, findings_);
    if (!index) return {};
    const std::vector<bool> slices = check_slices(*index, file->name(), findings_);
    check_overlaps(*index, file->name(), findings_);
    for (std::size_t i = 0; i < slices.size(); ++i) {
      const StoredTensor& tensor = index->entries[i];
      if (!slices[i]) stored_.tensors[tensor.key] = {tensor.entry.dtype, tensor.entry.shape};
    }
    stored_.all = index->whole;
    findings_.begin("data");
    check_data(*index);
    return std::move(stored_);
  }

 private:
  void check_data(const BundleIndex& index) {
    std::vector<const StoredTensor*> placed;
    for (const StoredTensor& tensor : index.entries) {
      if (!tensor.entry.slices.empty()) continue;
      placed.push_back(&tensor);
      progress_.expect(tensor.entry.range.size);
    }
    std::ranges::sort(placed, {}, [](const StoredTensor* each) {
      return std::tuple(each->entry.shard, each->entry.range.at, each->entry.range.size);
    });
    auto next = placed.begin();
    // A header that cannot be read leaves the usual number.
    for (std::uint32_t shard = 0; shard < std::max(index.shards, 1u); ++shard) {
      const auto first = next;
      while (next != placed.end() && (*next)->entry.shard == shard) ++next;
      check_shard(shard, std::max(index.shards, 1u), {first, next});
    }
    if (absent_ > 0) {
      findings_.warn({first_absent_}, absent_ == 1 ? "is missing; no tensor of the index is in it"
                                                   : "and " + std::to_string(absent_ - 1) +
                                                         " more data files are missing; no tensor of the "
                                                         "index is in them");
    }
  }

  void check_shard(std::uint32_t shard, std::uint32_t shards, std::span<const StoredTensor* const> tensors) {
    const std::filesystem::path path = data_path(prefix_, shard, shards);
    SourcePtr file;
    try {
      file = files_.open(path);
    } catch (const Error& error) {
      // What TensorFlow never opens may be missing.
      if (tensors.empty()) {
        if (absent_++ == 0) first_absent_ = path.string();
        return;
      }
      findings_.add(error.kind() == ErrorKind::input_io ? ProblemKind::missing : ProblemKind::damaged,
                    {path.string(), std::nullopt, tensors.size() == 1 ? tensors.front()->key : ""},
                    {error.problem() + "; " + std::to_string(tensors.size()) +
                         (tensors.size() == 1 ? " tensor is in it" : " tensors are in it"),
                     "data file " + std::to_string(shard + 1) + " of the " + std::to_string(shards) +
                         " that the index names",
                     "put it beside the index"});
      return;
    }
    ShardChecker checker(file, progress_, findings_);
    for (const StoredTensor* tensor : tensors) checker.check(*tensor);
    checker.finish();
    if (checker.object_graph()) stored_.object_graph = std::move(checker.object_graph());
  }

  const Destination& files_;
  const std::filesystem::path& prefix_;
  ReadingProgress& progress_;
  Findings& findings_;
  StoredTensors stored_;
  std::uint32_t absent_ = 0;  // data files that nothing needs
  std::string first_absent_;
};

}  // namespace

StoredTensors check_bundle(const Destination& files, const std::filesystem::path& prefix,
                           ReadingProgress& progress, Findings& findings) {
  return BundleChecker(files, prefix, progress, findings).run();
}

}  // namespace thaw::internal
