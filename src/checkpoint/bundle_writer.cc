#include "checkpoint/bundle_writer.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "checkpoint/bundle_layout.h"
#include "checkpoint/bundle_messages.h"
#include "checkpoint/ordered_code.h"
#include "checkpoint/string_tensor.h"
#include "checkpoint/table_writer.h"
#include "io/crc32c.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

// The data file goes through one buffer, small enough to stay in a core's own cache: read into it, its
// checksum taken there, written from it. Aligned to pages, which saves the kernel work in every write.
class DataPour {
 public:
  DataPour(OutputFile& file, const std::function<void(std::uint64_t)>& progress)
      : file_(&file),
        progress_(&progress),
        buffer_(static_cast<std::byte*>(std::aligned_alloc(kPage, kSize))) {
    if (!buffer_) throw std::bad_alloc();
  }

  // Returns the checksum for the value's entry.
  std::uint32_t pour(const Value& value) {
    if (value.dtype() == DType::string)
      return pour_string_tensor(value, [this](Bytes bytes) { append(bytes); });
    std::uint32_t crc = 0;
    std::uint64_t left = value.byte_size();
    const std::unique_ptr<ByteStream> stream = left == 0 ? nullptr : value.open(0);
    while (left > 0) {
      const std::span<std::byte> place = free_place(left);
      stream->read(place);
      crc = crc32c_extend(crc, Bytes(reinterpret_cast<const char*>(place.data()), place.size()));
      take(place.size());
      left -= place.size();
    }
    return crc;
  }

  void flush() {
    if (fill_ != 0) file_->append(Bytes(reinterpret_cast<const char*>(buffer_.get()), fill_));
    done_ += fill_;
    fill_ = 0;
    if (*progress_) (*progress_)(done_);
  }

  std::uint64_t position() const { return done_ + fill_; }

 private:
  static constexpr std::size_t kPage = 4096;
  static constexpr std::size_t kSize = 256 * 1024;

  struct Free {
    void operator()(std::byte* memory) const { std::free(memory); }
  };

  std::span<std::byte> free_place(std::uint64_t wanted) {
    return {buffer_.get() + fill_, static_cast<std::size_t>(std::min<std::uint64_t>(wanted, kSize - fill_))};
  }

  void take(std::size_t size) {
    fill_ += size;
    if (fill_ == kSize) flush();
  }

  void append(Bytes bytes) {
    while (!bytes.empty()) {
      const std::span<std::byte> place = free_place(bytes.size());
      std::ranges::copy(std::as_bytes(std::span(bytes.substr(0, place.size()))), place.begin());
      bytes.remove_prefix(place.size());
      take(place.size());
    }
  }

  OutputFile* file_;
  const std::function<void(std::uint64_t)>* progress_;
  std::unique_ptr<std::byte, Free> buffer_;
  std::size_t fill_ = 0;
  std::uint64_t done_ = 0;
};

struct IndexRow {
  std::string key;
  std::string value;
};

std::vector<std::uint32_t> pour_blobs(const CheckpointContents& contents, const BundleLayout& layout,
                                      DataPour& pour) {
  std::vector<std::uint32_t> checksums(contents.blobs.size());
  for (const std::size_t blob : layout.blob_order) {
    checksums[blob] = pour.pour(contents.blobs[blob]);
    const Range& range = layout.blob_ranges[blob];
    if (pour.position() != range.at + range.size)
      throw Error(ErrorKind::bug, "a value gave another size than before");
  }
  pour.flush();
  return checksums;
}

std::vector<IndexRow> index_rows(const CheckpointContents& contents, const BundleLayout& layout,
                                 const std::vector<std::uint32_t>& checksums) {
  std::vector<IndexRow> rows;
  rows.reserve(layout.entry_order.size() + 1);
  rows.push_back({"", encode_bundle_header(1)});
  BundleEntry whole;  // of the partitioned tensor whose parts are coming by
  const std::string* whole_key = nullptr;
  const auto end_whole = [&] {
    if (whole_key != nullptr) rows.push_back({*whole_key, encode_bundle_entry(whole)});
    whole_key = nullptr;
  };
  for (const std::size_t i : layout.entry_order) {
    const CheckpointEntry& entry = contents.entries[i];
    const Value& value = contents.blobs[entry.blob];
    const BundleEntry own{
        value.dtype(), value.shape(), 0, layout.blob_ranges[entry.blob], checksums[entry.blob], {}};
    if (whole_key != nullptr && *whole_key != entry.key) end_whole();
    if (!is_part(entry)) {
      rows.push_back({entry.key, encode_bundle_entry(own)});
      continue;
    }
    if (whole_key == nullptr) whole = {value.dtype(), entry.slice->full_shape, 0, {}, 0, {}};
    whole_key = &entry.key;
    whole.slices.push_back(entry.slice->extents);
    rows.push_back({slice_key(entry.key, entry.slice->extents), encode_bundle_entry(own)});
  }
  end_whole();
  // Only slice keys are out of order.
  if (!std::ranges::is_sorted(rows, {}, &IndexRow::key)) std::ranges::sort(rows, {}, &IndexRow::key);
  return rows;
}

}  // namespace

std::uint64_t bundle_data_size(const CheckpointContents& contents) { return lay_out(contents).data_size; }

std::string write_bundle(const CheckpointContents& contents, OutputFile& data,
                         const std::function<void(std::uint64_t)>& progress) {
  const BundleLayout layout = lay_out(contents);
  DataPour pour(data, progress);
  const std::vector<std::uint32_t> checksums = pour_blobs(contents, layout, pour);
  std::string index;
  TableWriter table([&](Bytes bytes) { index.append(bytes); });
  for (const IndexRow& row : index_rows(contents, layout, checksums)) table.add(row.key, row.value);
  table.finish();
  return index;
}

}  // namespace thaw::internal
