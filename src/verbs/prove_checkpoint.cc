#include "verbs/prove_checkpoint.h"

#include <set>

#include "checkpoint/bundle_reader.h"
#include "compare/compare_values.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

[[noreturn]] void fail(const std::string& key, const std::string& what) {
  throw Error(ErrorKind::bug, "the written checkpoint " + what + " " + thaw::quoted(key),
              "what the model holds", "nothing was published; please report this with the model");
}

// One slice, as its own rows of the joined tensor: compared part by part while the whole is read once.
bool same_as_parts(BundleReader& reader, const std::string& key, const CheckpointContents& contents) {
  const Value whole = reader.value(key);
  for (const CheckpointEntry& entry : contents.entries) {
    if (entry.key != key || !entry.slice) continue;
    const Value& part = contents.blobs[entry.blob];
    const std::vector<std::int64_t>& dims = whole.shape().dims();
    const std::size_t size = element_size(whole.dtype());
    // Runs of elements that are contiguous in both.
    std::size_t inner = dims.size();
    std::int64_t run = 1;
    while (inner > 0 && entry.slice->extents[inner - 1].length == dims[inner - 1]) run *= dims[--inner];
    if (inner > 0) run *= entry.slice->extents[inner - 1].length;
    std::vector<std::int64_t> position(dims.size(), 0);
    std::vector<std::byte> left(static_cast<std::size_t>(run) * size), right(left.size());
    const auto stream = part.open();
    for (std::int64_t done = 0; done < part.element_count(); done += run) {
      std::int64_t at = 0;
      for (std::size_t d = 0; d < dims.size(); ++d)
        at = at * dims[d] + entry.slice->extents[d].start + position[d];
      stream->read(left);
      whole.open(static_cast<std::uint64_t>(at) * size)->read(right);
      if (left != right) return false;
      for (std::size_t d = inner > 0 ? inner - 1 : 0; d-- > 0;) {
        if (++position[d] < entry.slice->extents[d].length) break;
        position[d] = 0;
      }
    }
  }
  return true;
}

}  // namespace

void prove_checkpoint(const SourcePtr& index, const SourcePtr& data, const CheckpointContents& contents,
                      bool every_byte) {
  BundleReader reader(index, [&](std::uint32_t, std::uint32_t) { return data; });
  std::set<std::string> keys;
  for (const CheckpointEntry& entry : contents.entries) {
    const Value& value = contents.blobs[entry.blob];
    const bool is_new = keys.insert(entry.key).second;
    const StoredTensor* stored = reader.find(entry.key);
    if (stored == nullptr) fail(entry.key, "lacks");
    const Shape& shape = entry.slice ? entry.slice->full_shape : value.shape();
    if (stored->entry.dtype != value.dtype() || stored->entry.shape != shape)
      fail(entry.key, "has another type or shape for");
    if (!every_byte || !is_new) continue;
    reader.check(entry.key);
    const bool same =
        entry.slice ? same_as_parts(reader, entry.key, contents) : same_value(reader.value(entry.key), value);
    if (!same) fail(entry.key, "holds other numbers for");
  }
  if (reader.tensors().size() != keys.size())
    fail(std::to_string(reader.tensors().size() - keys.size()), "has more entries than variables, by");
}

}  // namespace thaw::internal
