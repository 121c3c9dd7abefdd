#include "verbs/carried_assets.h"

#include <algorithm>

#include "subject/find_checkpoint.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

using std::filesystem::path;

bool leads_out(const path& name) {
  return name.empty() || name.is_absolute() || name.filename().empty() ||
         std::ranges::any_of(name, [](const path& part) { return part == ".." || part == "."; });
}

void check_name(const AssetFileDef& asset) {
  if (!leads_out(asset.filename) && asset.filename.find('\0') == std::string::npos) return;
  throw Error(ErrorKind::malformed, "names the asset " + thaw::quoted(asset.filename),
              "a file in its folder assets", "leave out --saved-model; the checkpoint needs no assets");
}

}  // namespace

CarriedAssets find_assets(const Model& model, const Destination& files,
                          const std::function<bool(const std::string& node)>& has_node) {
  CarriedAssets found;
  const path place = model.file->path();
  if (place.empty()) return found;
  for (const AssetFileDef& asset : model.envelope.assets) {
    if (!has_node(asset.tensor.substr(0, asset.tensor.rfind(':')))) continue;
    check_name(asset);
    const path file = place.parent_path() / kAssetsFolder / asset.filename;
    const bool is_there = files.exists(file) && !is_folder(files, file);
    found.named.push_back(asset);
    if (!is_there) {
      found.missing.push_back(asset.filename);
    } else if (!found.present.contains(asset.filename)) {
      found.present.emplace(asset.filename, files.open(file));
    }
  }
  return found;
}

}  // namespace thaw::internal
