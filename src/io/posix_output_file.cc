#include "io/posix_output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif

#include <cerrno>
#include <string>
#include <utility>

#include "io/posix_error.h"
#include "io/posix_retried.h"

namespace thaw::internal {

namespace {

// Below this reserving costs more than it saves.
constexpr std::uint64_t kReserveFrom = 1024 * 1024;

Error no_space(const std::filesystem::path& path, int descriptor, std::uint64_t wanted, int error) {
  Error refused = output_error("write", path, error);
  struct statvfs system = {};
  if (error != ENOSPC || ::fstatvfs(descriptor, &system) != 0) return refused;
  const std::uint64_t free_bytes = std::uint64_t{system.f_bavail} * system.f_frsize;
  return Error(ErrorKind::output_io, refused.problem(),
               std::to_string(wanted) + " free bytes there; " + std::to_string(free_bytes) + " are",
               refused.hint());
}

// Asked before anything is reserved: where that fails it may first have taken all there is from everybody
// else.
bool has_room(int descriptor, std::uint64_t size) {
  struct statvfs system = {};
  const bool known = ::fstatvfs(descriptor, &system) == 0 && system.f_blocks != 0;  // no blocks: unlimited
  return !known || std::uint64_t{system.f_bavail} * system.f_frsize >= size;
}

#ifdef __linux__
// On tmpfs reserving would only fill pages that the writes fill again.
bool in_memory(int descriptor) {
  constexpr auto kTmpfs = 0x01021994;  // linux/magic.h TMPFS_MAGIC
  struct statfs system = {};
  return ::fstatfs(descriptor, &system) == 0 && system.f_type == kTmpfs;
}
#endif

}  // namespace

PosixOutputFile::PosixOutputFile(std::filesystem::path path, std::uint64_t expected_size)
    : path_(std::move(path)) {
  // 0666 less the umask, as for any file a program makes.
  descriptor_ = retried([&] { return ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
  if (descriptor_ < 0) throw output_error("create", path_, errno);
  try {
    reserve(expected_size);
  } catch (...) {
    ::close(descriptor_);
    ::unlink(path_.c_str());
    throw;
  }
}

PosixOutputFile::~PosixOutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void PosixOutputFile::reserve(std::uint64_t size) {
  if (size < kReserveFrom) return;
  if (size > static_cast<std::uint64_t>(INT64_MAX)) throw no_space(path_, descriptor_, size, EFBIG);
  if (!has_room(descriptor_, size)) throw no_space(path_, descriptor_, size, ENOSPC);
#ifdef __linux__
  if (in_memory(descriptor_)) return;
  // Not posix_fallocate: where the file system cannot reserve, it would write every block.
  if (::fallocate(descriptor_, 0, 0, static_cast<off_t>(size)) == 0) {
    reserved_ = size;
  } else if (const int error = errno; error == ENOSPC || error == EDQUOT || error == EFBIG) {
    throw no_space(path_, descriptor_, size, error);
  } else if (::ftruncate(descriptor_, 0) != 0) {  // an interrupted call may have grown the file
    throw output_error("write", path_, errno);
  }
#endif
}

void PosixOutputFile::append(Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t count = retried([&] { return ::write(descriptor_, bytes.data(), bytes.size()); });
    if (count < 0) throw no_space(path_, descriptor_, bytes.size(), errno);
    if (count == 0) throw output_error("write", path_, EIO);
    bytes.remove_prefix(static_cast<std::size_t>(count));
    written_ += static_cast<std::uint64_t>(count);
  }
}

void PosixOutputFile::close(bool sync) {
  if (reserved_ > written_) {
    const auto end = static_cast<off_t>(written_);
    if (retried([&] { return ::ftruncate(descriptor_, end); }) != 0)
      throw output_error("write", path_, errno);
  }
  // A failed sync is final: the kernel may have dropped the pages, and a second one would succeed without
  // them.
  if (sync && retried([&] { return ::fdatasync(descriptor_); }) != 0)
    throw output_error("sync", path_, errno);
  // Linux frees the descriptor even when close is interrupted, so it is never called twice.
  if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR)
    throw output_error("write", path_, errno);
}

}  // namespace thaw::internal
