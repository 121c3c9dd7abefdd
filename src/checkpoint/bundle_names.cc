#include "checkpoint/bundle_names.h"

#include "thaw/error.h"
#include "wire/text_string.h"

namespace thaw::internal {

namespace {

std::filesystem::path with(const std::filesystem::path& prefix, const std::string& ending) {
  std::filesystem::path path = prefix;
  path += ending;
  return path;
}

}  // namespace

std::string five_digits(std::uint32_t number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

std::filesystem::path index_path(const std::filesystem::path& prefix) { return with(prefix, kIndexSuffix); }

std::filesystem::path meta_path(const std::filesystem::path& prefix) { return with(prefix, kMetaSuffix); }

std::filesystem::path data_path(const std::filesystem::path& prefix, std::uint32_t shard,
                                std::uint32_t shards) {
  return with(prefix, ".data-" + five_digits(shard) + "-of-" + five_digits(shards));
}

std::filesystem::path prefix_of(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos || dot == 0) return path;
  const std::string ending = name.substr(dot);
  if (!is_member_suffix(ending)) return path;
  return path.parent_path() / name.substr(0, dot);
}

void check_prefix(const std::filesystem::path& prefix) {
  const std::string text = prefix.string();
  const std::string name = prefix.filename().string();
  if (name.empty() || name == "." || name == "..") {
    throw Error(ErrorKind::usage, "the prefix " + thaw::quoted(text) + " has no name of its own",
                "a folder and the first part of a file's name",
                "for example " + thaw::quoted(text + "model.ckpt"));
  }
  SetNames checked(prefix);
  if (!is_valid_utf8(text)) {
    throw Error(ErrorKind::usage, "the prefix " + thaw::quoted(text) + " is no UTF-8",
                "UTF-8: the checkpoint's state file is a text", "choose another name or folder");
  }
  if (name == kStateName) {
    throw Error(ErrorKind::usage, "the prefix " + thaw::quoted(text) + " is the name of the state file",
                "another name", "for example 'model.ckpt'");
  }
  if (text.find_first_of("[\\") != std::string::npos) {
    throw Error(ErrorKind::usage, "the prefix " + thaw::quoted(text) + " would not be found by TensorFlow",
                "no [ or \\ in it: TensorFlow takes the prefix for a pattern",
                "choose another name or folder");
  }
}

}  // namespace thaw::internal
