#include "io/set_files.h"

#include <algorithm>
#include <tuple>

#include "io/staging.h"
#include "thaw/error.h"

namespace thaw::internal {

namespace {

constexpr std::string_view kReplacedEnd = ".replaced";
constexpr std::string_view kCommit = ".commit";
constexpr std::string_view kRestore = ".restore";
constexpr std::string_view kStateSuffix = ".state";

bool all_digits(std::string_view text) {
  return text.size() >= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool drop_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// `rest` is what follows ".BASE".
std::optional<SetFile> recognise_temporary(std::string_view rest) {
  const std::size_t at = rest.rfind(kTemporary);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view suffix = rest.substr(0, at);
  std::string_view run = rest.substr(at + kTemporary.size());
  SetFileKind kind = SetFileKind::staged;
  if (drop_suffix(run, kCommit)) {
    kind = SetFileKind::committing;
  } else if (drop_suffix(run, kRestore)) {
    kind = SetFileKind::restoring;
  }
  const bool odd = run.empty() || run.find('.') != std::string_view::npos;
  if (odd || !(is_member_suffix(suffix) || suffix == kStateSuffix)) return std::nullopt;
  return SetFile{kind, std::string(suffix), std::string(run)};
}

}  // namespace

bool is_member_suffix(std::string_view suffix) {
  if (suffix == kIndexSuffix || suffix == kMetaSuffix) return true;
  if (!drop_prefix(suffix, ".data-")) return false;
  const std::size_t of = suffix.find("-of-");
  return of != std::string_view::npos && all_digits(suffix.substr(0, of)) &&
         all_digits(suffix.substr(of + 4));
}

SetNames::SetNames(const std::filesystem::path& prefix)
    : folder_(prefix.parent_path()), base_(prefix.filename().string()) {
  if (base_.empty() || base_ == "." || base_ == "..") {
    throw Error(ErrorKind::usage, "the prefix " + thaw::quoted(prefix.string()) + " has no base name",
                "a folder and a name, such as models/model.ckpt", "add the name the files shall begin with");
  }
  if (base_.ends_with(kReplacedEnd)) {
    throw Error(ErrorKind::usage, "the prefix " + thaw::quoted(prefix.string()) + " ends in .replaced",
                "another ending: checkpoints keep that name while they are being replaced",
                "choose another prefix");
  }
}

std::filesystem::path SetNames::path(const SetFile& file) const {
  std::string name = base_;
  if (file.kind == SetFileKind::replaced) name += kReplacedEnd;
  name += file.suffix;
  if (file.kind == SetFileKind::member || file.kind == SetFileKind::replaced) return folder_ / name;
  name = "." + name + std::string(kTemporary) + file.run;
  if (file.kind == SetFileKind::committing) name += kCommit;
  if (file.kind == SetFileKind::restoring) name += kRestore;
  return folder_ / name;
}

std::optional<SetFile> SetNames::recognise(std::string_view file_name) const {
  if (std::string_view rest = file_name; drop_prefix(rest, base_)) {
    if (is_member_suffix(rest)) return SetFile{SetFileKind::member, std::string(rest), {}};
    if (drop_prefix(rest, kReplacedEnd) && is_member_suffix(rest)) {
      return SetFile{SetFileKind::replaced, std::string(rest), {}};
    }
  }
  if (std::string_view rest = file_name; drop_prefix(rest, "." + base_)) return recognise_temporary(rest);
  return std::nullopt;
}

SetFiles::SetFiles(const Destination& destination, const SetNames& names) {
  for (const std::string& name : destination.list(names.folder())) {
    if (auto file = names.recognise(name)) files_.push_back(std::move(*file));
  }
  const auto order = [](const SetFile& file) { return std::tie(file.kind, file.suffix, file.run); };
  std::sort(files_.begin(), files_.end(), [&](const auto& a, const auto& b) { return order(a) < order(b); });
}

bool SetFiles::has(SetFileKind kind, std::string_view suffix) const {
  return std::any_of(files_.begin(), files_.end(),
                     [&](const SetFile& file) { return file.kind == kind && file.suffix == suffix; });
}

std::vector<std::string> SetFiles::suffixes(SetFileKind kind) const {
  std::vector<std::string> found;
  for (const SetFile& file : files_) {
    if (file.kind == kind) found.push_back(file.suffix);
  }
  return found;
}

std::vector<SetFile> SetFiles::temporaries(const std::function<bool(const SetFile&)>& chosen) const {
  std::vector<SetFile> found;
  for (const SetFile& file : files_) {
    if (!file.run.empty() && chosen(file)) found.push_back(file);
  }
  std::stable_partition(found.begin(), found.end(),
                        [](const SetFile& file) { return file.kind == SetFileKind::committing; });
  return found;
}

}  // namespace thaw::internal
