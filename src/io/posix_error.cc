#include "io/posix_error.h"

#include <cerrno>
#include <system_error>

namespace thaw::internal {

namespace {

struct Advice {
  int error;
  const char* expected;
  const char* hint;
};

constexpr Advice kAdvice[] = {
    {ENOSPC, "room for the whole output", "free some space, or write to another file system"},
    {EDQUOT, "room within the disk quota", "free some space, or write to another file system"},
    {EFBIG, "a file system and a file-size limit that allow a file this large",
     "raise the limit (ulimit -f), or write to another file system"},
    {EACCES, "permission to write there", "choose a folder you may write to, or change its permissions"},
    {EPERM, "permission to write there", "choose a folder you may write to, or change its permissions"},
    {EROFS, "a file system that can be written", "choose a folder on another file system"},
    {ENOENT, "a folder that exists while the files are written",
     "check that nothing else removes files there, and run again"},
    {ENOTDIR, "a folder", "choose another output, or move the file that stands where the folder should be"},
    {EISDIR, "a file name that is free, or a file", "choose another output, or move the folder of that name"},
    {EEXIST, "a name that is free", "remove what has that name, and run again"},
    {ENAMETOOLONG, "a name of at most 255 bytes with the endings that are added to it",
     "choose a shorter output name"},
    {EMFILE, "a free file descriptor", "raise the limit (ulimit -n)"},
    {ENFILE, "a free file descriptor", "close other programs, and run again"},
    {EIO, "a medium that works", "check the disk (dmesg), or write to another file system"},
};

}  // namespace

Error output_error(std::string_view action, const std::filesystem::path& path, int error) {
  const std::string problem = "cannot " + std::string(action) + " " + thaw::quoted(path.string()) + ": " +
                              std::generic_category().message(error);
  for (const Advice& advice : kAdvice) {
    if (advice.error == error) return Error(ErrorKind::output_io, problem, advice.expected, advice.hint);
  }
  return Error(ErrorKind::output_io, problem, "a folder that takes new files", "try another folder");
}

}  // namespace thaw::internal
