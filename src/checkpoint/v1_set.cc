#include "checkpoint/v1_set.h"

#include <algorithm>
#include <charconv>

#include "checkpoint/bundle_names.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

using std::filesystem::path;

constexpr std::string_view kAny = "?????", kOf = "-of-";
constexpr std::size_t kTail = 15;  // "-00000-of-00002"

std::optional<std::size_t> number(std::string_view digits) {
  std::size_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole =
      digits.size() == kAny.size() && fault == std::errc() && end == digits.data() + digits.size();
  return whole ? std::optional(value) : std::nullopt;
}

struct ShardName {
  std::string base;
  std::size_t count = 0;
};

// "model.ckpt-00000-of-00002", with any number, or question marks, for the shard.
std::optional<ShardName> read_name(const std::string& name) {
  if (name.size() <= kTail) return std::nullopt;
  const std::string_view tail = std::string_view(name).substr(name.size() - kTail);
  const std::optional<std::size_t> count = number(tail.substr(10));
  const bool shard = tail.substr(1, 5) == kAny || number(tail.substr(1, 5));
  if (tail[0] != '-' || tail.substr(6, 4) != kOf || !shard || !count || *count == 0) return std::nullopt;
  return ShardName{name.substr(0, name.size() - kTail), *count};
}

std::vector<path> shards(const Destination& files, const path& folder, const ShardName& name) {
  std::vector<path> found;
  for (std::size_t i = 0; i < name.count; ++i) {
    found.push_back(folder / (name.base + "-" + five_digits(static_cast<std::uint32_t>(i)) +
                              std::string(kOf) + five_digits(static_cast<std::uint32_t>(name.count))));
    if (files.exists(found.back())) continue;
    throw Error(ErrorKind::input_io,
                "is missing: one of the " + std::to_string(name.count) + " files of a checkpoint",
                "all of them in one folder", "copy it there, too")
        .at(found.back().string());
  }
  return found;
}

}  // namespace

path v1_base(const path& place) {
  const auto name = read_name(place.filename().string());
  return name ? place.parent_path() / name->base : place;
}

std::vector<path> v1_files(const Destination& files, const path& place) {
  if (const auto name = read_name(place.filename().string()))
    return shards(files, place.parent_path(), *name);
  if (files.exists(place)) return {place};
  if (!place.parent_path().empty() && !files.exists(place.parent_path())) return {};
  for (const std::string& other : files.list(place.parent_path())) {
    const auto name = read_name(other);
    if (name && name->base == place.filename().string()) return shards(files, place.parent_path(), *name);
  }
  return {};
}

V1Set::V1Set(const std::vector<SourcePtr>& files) {
  std::map<std::string, std::size_t> places;
  for (const SourcePtr& file : files) {
    const V1Reader& reader = readers_.emplace_back(file);
    for (const V1Tensor& tensor : reader.tensors()) {
      const auto [place, is_new] = places.emplace(tensor.name, tensors_.size());
      if (is_new) tensors_.push_back({tensor.name, tensor.dtype, tensor.shape, {}});
      V1Tensor& whole = tensors_[place->second];
      if (whole.dtype != tensor.dtype || whole.shape != tensor.shape) {
        throw Error(ErrorKind::malformed,
                    "tensor " + thaw::quoted(tensor.name) + " has another type or shape in another file",
                    "files of one checkpoint")
            .at(file->name());
      }
      whole.slices.insert(whole.slices.end(), tensor.slices.begin(), tensor.slices.end());
      owners_[tensor.name].resize(whole.slices.size(), readers_.size() - 1);
    }
  }
}

Value V1Set::value(const V1Tensor& tensor) const {
  const std::vector<std::size_t>& owners = owners_.at(tensor.name);
  return join_slices(
      tensor, [&](std::size_t i) { return readers_[owners[i]].slice_value(tensor, tensor.slices[i]); });
}

}  // namespace thaw::internal
