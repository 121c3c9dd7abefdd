#include "verbs/write_patched.h"

#include <algorithm>

#include "io/recipe.h"
#include "keras/crc32.h"
#include "target/keras_target.h"
#include "thaw/error.h"
#include "verbs/publish_file.h"
#include "verbs/refuse_to_replace.h"

namespace thaw::internal {

namespace {

// A piece of the result that is not the target's.
struct Patch {
  Range place;
  std::function<void(Recipe&)> add;
};

std::vector<Patch> value_patches(const FileWithPlaces& target, const CheckpointContents& contents) {
  std::vector<Patch> patches;
  for (const CheckpointEntry& entry : contents.entries) {
    const auto place = target.places.find(entry.key);
    if (place == target.places.end()) {
      throw Error(ErrorKind::usage, "the target has no place for " + thaw::quoted(entry.key),
                  "entries that the target has", "leave out --optimizer and --global-step");
    }
    const Value value = contents.blobs[entry.blob];
    if (value.byte_size() != place->second.size)
      throw Error(ErrorKind::bug, thaw::quoted(entry.key) + " does not fit into its place");
    patches.push_back({place->second, [value](Recipe& recipe) {
                         recipe.add(value.byte_size(), [value](const Sink& sink) { value.pour(sink); });
                       }});
  }
  return patches;
}

// `range` of the file, with the patches that lie in it. They do not overlap.
Recipe patched(const SourcePtr& file, const Range& range, std::vector<Patch> patches) {
  std::ranges::sort(patches, {}, [](const Patch& patch) { return patch.place.at; });
  Recipe recipe;
  std::uint64_t at = range.at;
  for (const Patch& patch : patches) {
    if (patch.place.at < at || patch.place.at + patch.place.size > range.at + range.size) {
      throw Error(ErrorKind::malformed, "values that lie over one another", "a place for each value",
                  "save the weights with Keras again")
          .at(file->name());
    }
    if (patch.place.at > at) recipe.add(file, {at, patch.place.at - at});
    patch.add(recipe);
    at = patch.place.at + patch.place.size;
  }
  if (at < range.at + range.size) recipe.add(file, {at, range.at + range.size - at});
  return recipe;
}

std::string checksum_of(const Recipe& recipe) {
  std::uint32_t crc = 0;
  recipe.pour([&](Bytes bytes) { crc = crc32_after(crc, bytes); });
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(crc >> shift & 255);
  return bytes;
}

Recipe recipe_of(const FileWithPlaces& target, const CheckpointContents& contents) {
  std::vector<Patch> patches = value_patches(target, contents);
  if (target.member) {
    const std::string checksum = checksum_of(patched(target.file, target.member->data, patches));
    for (const std::uint64_t at : target.member->crc_at)
      patches.push_back({{at, 4}, [checksum](Recipe& recipe) { recipe.add(checksum); }});
  }
  return patched(target.file, {0, target.file->size()}, std::move(patches));
}

// Opened as any target: the same names, types and shapes in the same places.
void prove(const SourcePtr& written, const Target& target) {
  if (written->size() != target.patched->file->size()) fail_proof("has another size");
  const Target again = open_keras_target(written);
  const auto same = [](const Slot& a, const Slot& b) {
    return a.name == b.name && a.keys == b.keys && a.dtype == b.dtype && a.shape == b.shape;
  };
  if (!std::ranges::equal(again.slots, target.slots, same) || again.patched->places != target.patched->places)
    fail_proof("has other entries");
}

// What Keras goes by.
std::string ending_of(const std::filesystem::path& path) {
  return path.string().ends_with(".weights.h5") ? ".weights.h5" : path.extension().string();
}

}  // namespace

void check_patched_output(const std::filesystem::path& path, const Target& target, const Source& model,
                          const Destination& destination) {
  const std::string ending = ending_of(target.path);
  if (ending_of(path) != ending) {
    throw Error(ErrorKind::usage, thaw::quoted(path.string()) + " is no name for a file like the target",
                "a name that ends in " + thaw::quoted(ending), "-o " + path.stem().string() + ending);
  }
  refuse_to_replace(path, model, destination, {"the model", "result", "name"});
  refuse_to_replace(path, *target.patched->file, destination, {"the target", "result", "name"});
}

std::uint64_t write_patched(const std::filesystem::path& path, const Target& target,
                            const CheckpointContents& contents, const Source& model,
                            const TransplantOptions& options,
                            const std::shared_ptr<Destination>& destination) {
  const Recipe recipe = recipe_of(*target.patched, contents);
  const auto look = [&](const SourcePtr& written) {
    prove(written, target);
    target.patched->file->check_unchanged();
    model.check_unchanged();
  };
  publish_file({path, recipe, look}, publish_wishes(options), destination);
  return recipe.size();
}

}  // namespace thaw::internal
