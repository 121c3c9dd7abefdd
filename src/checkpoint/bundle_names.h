// The files of a checkpoint: PREFIX.index and PREFIX.data-SSSSS-of-NNNNN (core/util/tensor_bundle/naming.cc).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "io/set_files.h"

namespace thaw::internal {

inline const std::string kDataSuffix = ".data-00000-of-00001";  // where there is one such file

inline const std::string kStateName = "checkpoint";  // the file beside them that names the latest

std::filesystem::path index_path(const std::filesystem::path& prefix);
std::filesystem::path data_path(const std::filesystem::path& prefix, std::uint32_t shard = 0,
                                std::uint32_t shards = 1);
std::filesystem::path meta_path(const std::filesystem::path& prefix);

// The prefix, when `path` names one of a checkpoint's files; otherwise `path` itself.
std::filesystem::path prefix_of(const std::filesystem::path& path);

// Throws usage for a prefix that TensorFlow would not find again: it looks for PREFIX.index as a pattern, in
// which [ and \ do not stand for themselves (* and ? happen to match themselves), and the file named
// `checkpoint` is the state file. Empty base names are refused as well.
void check_prefix(const std::filesystem::path& prefix);

// "00002"
std::string five_digits(std::uint32_t number);

}  // namespace thaw::internal
