#include "subject/stored_set.h"

#include <algorithm>
#include <map>

#include "checkpoint/bundle_names.h"
#include "checkpoint/bundle_reader.h"
#include "checkpoint/stored_value.h"
#include "checkpoint/v1_set.h"
#include "subject/object_names.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

std::uint64_t dense_bytes(DType dtype, const Shape& shape) {
  return static_cast<std::uint64_t>(shape.element_count().value_or(0)) * element_size(dtype);
}

[[noreturn]] void fail_absent(Bytes key) {
  throw Error(ErrorKind::bug, "the checkpoint has no tensor " + thaw::quoted(key));
}

class BundleSet final : public StoredSet {
 public:
  BundleSet(const Destination& files, const FoundCheckpoint& checkpoint)
      : files_(files), reader_(open_bundle(files, checkpoint.prefix)) {
    format_ = "checkpoint";
    prefix_ = checkpoint.prefix;
    for (const StoredTensor& tensor : reader_.tensors()) {
      const BundleEntry& entry = tensor.entry;
      const bool parts = !entry.slices.empty();
      entries_.push_back({tensor.key, tensor.key, entry.dtype, entry.shape,
                          parts ? dense_bytes(entry.dtype, entry.shape) : entry.range.size});
    }
    take_names();
  }

  std::vector<std::filesystem::path> files() const override {
    std::vector<std::filesystem::path> found{index_path(prefix_)};
    for (std::uint32_t shard = 0; shard < reader_.shards(); ++shard) {
      const std::filesystem::path data = data_path(prefix_, shard, reader_.shards());
      if (!files_.exists(data)) break;  // the number of shards is the word of a file
      found.push_back(data);
    }
    return found;
  }
  Value value(Bytes key) override { return reader_.value(key); }
  void check(Bytes key) override {
    if (find(key) == nullptr) fail_absent(key);
    reader_.check(key);
  }

 private:
  const Destination& files_;
  BundleReader reader_;
};

class FirstFormatSet final : public StoredSet {
 public:
  FirstFormatSet(const Destination& files, const FoundCheckpoint& checkpoint)
      : files_(v1_files(files, checkpoint.prefix)), set_(open_all(files)) {
    format_ = "checkpoint of the first format";
    prefix_ = v1_base(checkpoint.prefix);
    for (std::size_t i = 0; i < set_.tensors().size(); ++i) {
      const V1Tensor& tensor = set_.tensors()[i];
      entries_.push_back(
          {tensor.name, tensor.name, tensor.dtype, tensor.shape, dense_bytes(tensor.dtype, tensor.shape)});
      places_.emplace(tensor.name, i);
    }
    take_names();
  }

  std::vector<std::filesystem::path> files() const override { return files_; }
  Value value(Bytes key) override {
    const auto place = places_.find(key);
    if (place == places_.end()) fail_absent(key);
    return set_.value(set_.tensors()[place->second]);
  }
  void check(Bytes key) override {
    const Value whole = value(key);
    try {
      read_through(whole);
    } catch (Error& error) {
      throw error.at("tensor " + thaw::quoted(key));
    }
  }

 private:
  std::vector<SourcePtr> open_all(const Destination& files) const {
    std::vector<SourcePtr> sources;
    for (const std::filesystem::path& file : files_) sources.push_back(files.open(file));
    return sources;
  }

  std::vector<std::filesystem::path> files_;
  V1Set set_;
  std::map<std::string, std::size_t, std::less<>> places_;
};

}  // namespace

const StoredEntry* StoredSet::find(Bytes key) const {
  const auto found =
      std::ranges::lower_bound(entries_, key, {}, [](const StoredEntry& entry) { return Bytes(entry.key); });
  return found == entries_.end() || found->key != key ? nullptr : &*found;
}

// Keys and shapes are of use without the names, which lie in the data file.
void StoredSet::take_names() {
  std::ranges::sort(entries_, {}, &StoredEntry::key);
  const StoredEntry* graph = find(kObjectGraphKey);
  if (graph == nullptr || graph->dtype != DType::string) return;
  format_ = "object checkpoint";
  std::map<std::string, std::string> names;
  try {
    value(kObjectGraphKey).for_each_string([&](Bytes message) { names = object_names(message); });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input_io && error.kind() != ErrorKind::malformed) throw;
  }
  for (StoredEntry& entry : entries_) {
    const auto name = names.find(entry.key);
    if (name != names.end()) entry.name = name->second;
  }
}

std::unique_ptr<StoredSet> open_stored_set(const Destination& files, const FoundCheckpoint& checkpoint) {
  try {
    if (checkpoint.format == CheckpointFormat::v2) return std::make_unique<BundleSet>(files, checkpoint);
    return std::make_unique<FirstFormatSet>(files, checkpoint);
  } catch (Error& error) {
    if (error.places().empty()) error.at(checkpoint.prefix.string());
    throw;
  }
}

}  // namespace thaw::internal
