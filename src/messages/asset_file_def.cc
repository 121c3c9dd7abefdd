#include "messages/asset_file_def.h"

#include "wire/message_writer.h"

namespace thaw::internal {

namespace {

constexpr std::uint64_t kLongest = 1u << 16;

}  // namespace

AssetFileDef read_asset_file_def(Window& window, Range message) {
  AssetFileDef asset;
  Walk walk(window, message);
  for (Field field; walk.next(field);) {
    if (field.is_bytes(2)) asset.filename = read_payload(window, field.payload, kLongest);
    if (!field.is_bytes(1)) continue;
    Walk info(window, field.payload);
    for (Field part; info.next(part);) {
      if (part.is_bytes(1)) asset.tensor = read_payload(window, part.payload, kLongest);
    }
  }
  return asset;
}

std::string encode_asset_file_def(const AssetFileDef& asset) {
  std::string info, out;
  MessageWriter(info).bytes(1, asset.tensor);
  MessageWriter(out).bytes(1, info).bytes(2, asset.filename);
  return out;
}

}  // namespace thaw::internal
