#include "checks/check_v1.h"

#include <algorithm>

#include "checkpoint/ordered_code.h"
#include "checkpoint/slice_place.h"
#include "checkpoint/v1_reader.h"
#include "tensor/dtype.h"

namespace thaw::internal {

namespace {

struct ListedSlice {
  std::string tensor;
  Slice slice;  // explicit
  TensorKind kind;
  bool seen = false;
};

// One file: a table whose first entry lists what the others are.
class FileChecker {
 public:
  FileChecker(SourcePtr file, ReadingProgress& progress, Findings& findings)
      : file_(std::move(file)), progress_(progress), findings_(findings) {}

  // What it lists; nothing when that cannot be read.
  std::optional<std::vector<V1Tensor>> run() {
    findings_.begin("index");
    try {
      const TableReader table(file_);
      table.scan([this](Bytes key, Bytes value) { take(key, value); },
                 [this](std::uint64_t at, const Error& error) { damaged({file_->name(), at}, error); });
      for (const Range& gap : table.gaps())
        findings_.warn({file_->name(), gap.at}, std::to_string(gap.size) + " bytes that no block owns");
    } catch (const Error& error) {
      damaged({file_->name()}, error);
      return std::nullopt;
    }
    if (!listed_ && whole_) {
      findings_.begin("index");
      findings_.add(ProblemKind::damaged, {file_->name()},
                    {"a table without a list of tensors", "a checkpoint"});
    }
    if (listed_ && whole_) miss_slices();
    return std::move(listed_);
  }

  bool whole() const { return whole_ && listed_; }

 private:
  void damaged(FindingPlace place, const Error& error) {
    findings_.begin("index");
    findings_.add(error, std::move(place));
    whole_ = false;
  }

  void take(Bytes key, Bytes value) {
    if (key.empty()) return take_list(value);
    // Without its list nothing is known of a slice.
    const auto slice = slices_.find(std::string(key));
    if (slice != slices_.end()) return take_slice(slice->second, value);
    if (!listed_) return;
    findings_.begin("data");
    findings_.add(ProblemKind::missing, {file_->name(), std::nullopt, std::string(key)},
                  {"a slice that the list of tensors does not have", "its tensor in the list"});
  }

  void take_list(Bytes value) {
    findings_.begin("index");
    try {
      listed_ = decode_v1_list(value);
    } catch (const Error& error) {
      return damaged({file_->name()}, error);
    }
    for (const V1Tensor& tensor : *listed_) {
      for (const Slice& slice : tensor.slices) {
        Slice whole = explicit_slice(tensor.shape, slice);
        std::vector<std::int64_t> dims;
        for (const SliceExtent& extent : whole) dims.push_back(extent.length);
        slices_[slice_key(tensor.name, slice)] = {
            tensor.name, std::move(whole), {tensor.dtype, Shape(std::move(dims))}};
      }
    }
    findings_.count(listed_->size(), 0);
  }

  void take_slice(ListedSlice& slice, Bytes value) {
    slice.seen = true;
    findings_.begin("data");
    const FindingPlace place{file_->name(), std::nullopt, slice.tensor};
    try {
      const Value numbers = decode_v1_slice(value, slice.kind.dtype, slice.kind.shape);
      std::uint64_t bytes = 0;
      const auto sink = [&](Bytes piece) { bytes += piece.size(); };
      if (slice.kind.dtype == DType::string) {
        numbers.for_each_string(sink);
      } else {
        numbers.pour(sink);
      }
      findings_.count(1, bytes);
      progress_.add(value.size());
    } catch (const Error& error) {
      findings_.add(error, place);
    }
  }

  void miss_slices() {
    findings_.begin("data");
    for (const auto& [key, slice] : slices_) {
      if (slice.seen) continue;
      findings_.add(
          ProblemKind::missing, {file_->name(), std::nullopt, slice.tensor},
          {"the slice " + slice_text(slice.slice) + " is not in the table", "every slice of the list"});
    }
  }

  SourcePtr file_;
  ReadingProgress& progress_;
  Findings& findings_;
  std::optional<std::vector<V1Tensor>> listed_;
  std::map<std::string, ListedSlice> slices_;  // by key
  bool whole_ = true;
};

// A tensor with the slices of all files.
struct Gathered {
  TensorKind kind;
  std::vector<Slice> slices;
  std::string file;
};

void gather(const std::vector<V1Tensor>& listed, const std::string& file,
            std::map<std::string, Gathered>& tensors, Findings& findings) {
  for (const V1Tensor& tensor : listed) {
    const auto [place, is_new] =
        tensors.try_emplace(tensor.name, Gathered{{tensor.dtype, tensor.shape}, {}, file});
    Gathered& whole = place->second;
    if (!is_new && (whole.kind.dtype != tensor.dtype || whole.kind.shape != tensor.shape)) {
      findings.add(ProblemKind::mismatch, {file, std::nullopt, tensor.name},
                   {std::string(name_of(tensor.dtype)) + " " + tensor.shape.to_string(),
                    std::string(name_of(whole.kind.dtype)) + " " + whole.kind.shape.to_string() + ", as in " +
                        escaped(whole.file)});
    }
    for (const Slice& slice : tensor.slices) whole.slices.push_back(explicit_slice(tensor.shape, slice));
  }
}

}  // namespace

StoredTensors check_v1(const Destination& files, const std::vector<std::filesystem::path>& paths,
                       ReadingProgress& progress, Findings& findings) {
  StoredTensors stored;
  stored.all = true;
  std::map<std::string, Gathered> tensors;
  for (const std::filesystem::path& path : paths) progress.expect(files.open(path)->size());
  for (const std::filesystem::path& path : paths) {
    FileChecker checker(files.open(path), progress, findings);
    const std::optional<std::vector<V1Tensor>> listed = checker.run();
    stored.all = stored.all && checker.whole();
    findings.begin("index");
    if (listed) gather(*listed, path.string(), tensors, findings);
  }
  for (const auto& [name, tensor] : tensors) {
    stored.tensors[name] = tensor.kind;
    const std::optional<std::string> fault = tiling_fault(tensor.kind.shape, tensor.slices);
    const bool plain = tensor.slices.size() == 1 && covers_all(tensor.kind.shape, tensor.slices.front());
    if (!fault || plain || !stored.all) continue;
    findings.add(ProblemKind::damaged, {tensor.file, std::nullopt, name},
                 {*fault, "slices that cover the tensor exactly once"});
  }
  return stored;
}

}  // namespace thaw::internal
