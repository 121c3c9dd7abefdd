#include "fuzz/packed_files.h"

#include <algorithm>
#include <cstring>

#include "checkpoint/table_writer.h"

namespace thaw::internal {

std::string pack(const std::vector<std::string>& files) {
  std::string input;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i + 1 < files.size()) append_u32(input, static_cast<std::uint32_t>(files[i].size()));
    input += files[i];
  }
  return input;
}

std::vector<std::string> unpack(const std::string& input, std::size_t count) {
  std::vector<std::string> files;
  std::size_t at = 0;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    std::uint32_t size = 0;
    if (input.size() - at >= sizeof size) {
      std::memcpy(&size, input.data() + at, sizeof size);
      at += sizeof size;
    }
    files.push_back(input.substr(at, size));
    at += files.back().size();
  }
  files.push_back(input.substr(at));
  return files;
}

Mutate mutate_one_of(std::vector<Mutate> ways) {
  return [ways = std::move(ways)](const std::string& input, const std::string& donor, Chance& chance) {
    std::vector<std::string> files = unpack(input, ways.size()), lent = unpack(donor, ways.size());
    const std::size_t i = chance.below(ways.size());
    if (chance.below(16) == 0) {
      files[i] = lent[i];
    } else {
      files[i] = ways[i](files[i], lent[i], chance);
    }
    return pack(files);
  };
}

}  // namespace thaw::internal
