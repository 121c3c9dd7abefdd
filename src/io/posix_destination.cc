// Files in folders of the operating system.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>
#include <new>
#include <thread>
#include <utility>

#include "io/posix_error.h"
#include "io/posix_output_file.h"
#include "io/posix_retried.h"
#include "io/posix_run.h"
#include "thaw/destination.h"

namespace thaw {

namespace {

using internal::output_error;
using internal::retried;
using std::filesystem::path;

// Publishing takes as long as a few syncs of a folder. A run that holds one for longer is stuck.
constexpr auto kHoldAtMost = std::chrono::seconds(30);
constexpr auto kAskEvery = std::chrono::milliseconds(20);

path or_current(const path& folder) { return folder.empty() ? path(".") : folder; }

class FolderHandle {
 public:
  explicit FolderHandle(const path& folder)
      : descriptor_(
            retried([&] { return ::open(or_current(folder).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); })) {
    if (descriptor_ < 0) throw output_error("open the folder", or_current(folder), errno);
  }
  ~FolderHandle() { ::close(descriptor_); }
  FolderHandle(const FolderHandle&) = delete;
  FolderHandle& operator=(const FolderHandle&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

bool is_folder(const path& place) {
  struct stat status = {};
  return ::stat(place.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// Devices, pipes and sockets are nobody's old output, and not replaced by force either. What a link leads to
// is not touched.
void refuse_special(const path& place) {
  struct stat status = {};
  if (::lstat(place.c_str(), &status) != 0) return;
  if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || S_ISLNK(status.st_mode)) return;
  throw Error(ErrorKind::output_exists, thaw::quoted(place.string()) + " is a device, a pipe or a socket",
              "a file, or a name that is free", "choose another output");
}

class PosixDestination : public Destination {
 public:
  std::vector<path> make_folders(const path& folder) override {
    std::vector<path> made;
    if (is_folder(or_current(folder))) return made;
    try {
      path whole;
      for (const path& part : folder) {
        whole /= part;
        if (is_folder(whole)) continue;
        made.push_back(whole);  // before there is anything to forget when memory ends
        if (::mkdir(whole.c_str(), 0777) == 0) continue;
        const int error = errno;
        made.pop_back();
        if (error != EEXIST || !is_folder(whole))
          throw output_error("make the folder", whole, error == EEXIST ? ENOTDIR : error);
      }
    } catch (...) {
      for (auto back = made.rbegin(); back != made.rend(); ++back) remove_empty_folder(*back);
      throw;
    }
    return made;
  }

  void remove_empty_folder(const path& folder) noexcept override { ::rmdir(folder.c_str()); }

  std::vector<std::string> list(const path& folder) const override {
    const std::unique_ptr<DIR, int (*)(DIR*)> opened(
        retried([&] { return ::opendir(or_current(folder).c_str()); }), ::closedir);
    if (!opened && errno == ENOENT) return {};
    if (!opened && errno == ENOMEM)
      throw std::bad_alloc();  // that of the process: nothing is wrong with the folder
    if (!opened) throw output_error("list the folder", or_current(folder), errno);
    std::vector<std::string> names;
    for (errno = 0; const dirent* entry = ::readdir(opened.get()); errno = 0) {
      const std::string name = entry->d_name;
      if (name != "." && name != "..") names.push_back(name);
    }
    if (errno != 0) throw output_error("list the folder", or_current(folder), errno);
    return names;
  }

  // A link that leads nowhere is in the way, too.
  bool exists(const path& place) const override {
    struct stat status = {};
    if (::lstat(place.c_str(), &status) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    throw output_error("look for", place, errno);
  }

  bool is_file_of(const path& place, const Source& source) const override {
    std::error_code ignored;
    return !source.path().empty() && std::filesystem::equivalent(place, source.path(), ignored);
  }

  std::unique_ptr<OutputFile> create(const path& place, std::uint64_t expected_size) override {
    return std::make_unique<internal::PosixOutputFile>(place, expected_size);
  }

  SourcePtr open(const path& place) const override { return open_file(place); }

  void rename(const path& from, const path& to) override {
    refuse_special(to);
    if (::rename(from.c_str(), to.c_str()) != 0) throw output_error("rename a finished file to", to, errno);
  }

  bool exchange([[maybe_unused]] const path& a, [[maybe_unused]] const path& b) override {
#ifdef RENAME_EXCHANGE
    if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return true;
    const int error = errno;
    if (error != EINVAL && error != ENOSYS && error != EOPNOTSUPP)
      throw output_error("rename a finished folder to", b, error);
#endif
    return false;
  }

  bool hard_link(const path& from, const path& to) override {
    refuse_special(from);
    if (::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), 0) == 0) return true;
    // FAT and some network file systems have none; EPERM also where the kernel protects other people's files,
    // EMLINK where a file has as many as it can.
    const int error = errno;
    if (error == EPERM || error == EOPNOTSUPP || error == ENOSYS || error == EMLINK) return false;
    throw output_error("link a file to", to, error);
  }

  void remove(const path& place) override {
    if (::unlink(place.c_str()) != 0 && errno != ENOENT) throw output_error("remove", place, errno);
  }

  void sync_folder(const path& folder) override {
    const FolderHandle handle(folder);
    // Some network file systems sync names by themselves and refuse to be asked.
    if (retried([&] { return ::fsync(handle.descriptor()); }) != 0 && errno != EINVAL &&
        errno != EOPNOTSUPP) {
      throw output_error("sync the folder", or_current(folder), errno);
    }
  }

  // A lock on the folder itself: it leaves no file behind and ends with the process.
  std::shared_ptr<void> hold(const path& folder, const std::function<bool()>& stop) override {
    auto handle = std::make_shared<FolderHandle>(folder);
    const auto deadline = std::chrono::steady_clock::now() + kHoldAtMost;
    while (::flock(handle->descriptor(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) break;  // no locks here: run without
      if (stop && stop()) throw Error(ErrorKind::interrupted, "stopped while another run was publishing");
      if (std::chrono::steady_clock::now() > deadline) {
        throw Error(ErrorKind::output_io,
                    "another run keeps publishing into " + thaw::quoted(or_current(folder).string()),
                    "that it ends within 30 seconds", "wait for it or stop it, and run again");
      }
      std::this_thread::sleep_for(kAskEvery);
    }
    return handle;
  }

  std::string run_mark() const override { return internal::posix_run_mark(); }
  bool run_alive(std::string_view mark) const override { return internal::posix_run_alive(mark); }
};

}  // namespace

std::shared_ptr<Destination> posix_destination() { return std::make_shared<PosixDestination>(); }

}  // namespace thaw
