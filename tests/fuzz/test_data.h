// Files of tests/data, as inputs to begin with.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace thaw::internal {

inline std::string whole_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Those of one folder, by their names; none when there is no such folder.
inline std::vector<std::filesystem::path> files_of(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  const std::filesystem::path place = std::filesystem::path(THAW_TEST_DATA) / folder;
  if (!std::filesystem::exists(place)) return paths;
  for (const auto& entry : std::filesystem::directory_iterator(place)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

inline std::vector<std::string> contents_of(const std::string& folder) {
  std::vector<std::string> contents;
  for (const auto& path : files_of(folder)) contents.push_back(whole_file(path));
  return contents;
}

}  // namespace thaw::internal
