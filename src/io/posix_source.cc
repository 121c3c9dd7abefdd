#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "io/posix_retried.h"
#include "thaw/error.h"
#include "thaw/source.h"

namespace thaw {

namespace {

std::string shown(const std::filesystem::path& path) { return escaped(path.string()); }

std::string hint_of(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return "check the spelling and the folder";
    case EACCES:
      return "check the permissions of the file and of the folders above it";
    case EMFILE:
      return "raise the limit of open files (ulimit -n)";
    default:
      return "check the disk (dmesg), or copy the file to another one";
  }
}

class PosixSource final : public Source {
 public:
  explicit PosixSource(const std::filesystem::path& path) : name_(shown(path)), path_(path) {
    fd_ =
        internal::retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); });
    if (fd_ < 0) {
      const int code = errno;
      throw Error(ErrorKind::input_io, std::string("cannot be opened: ") + std::strerror(code),
                  "a readable file", hint_of(code))
          .at(name_);
    }
    if (::fstat(fd_, &opened_) != 0) {
      const int code = errno;
      ::close(fd_);
      errno = code;
      fail("cannot be examined");
    }
    if (!S_ISREG(opened_.st_mode)) {
      const Error error = odd_file();
      ::close(fd_);
      throw error;
    }
    ::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  PosixSource(const PosixSource&) = delete;
  PosixSource& operator=(const PosixSource&) = delete;
  ~PosixSource() override { ::close(fd_); }

  std::string name() const override { return name_; }
  std::filesystem::path path() const override { return path_; }
  std::uint64_t size() const override { return static_cast<std::uint64_t>(opened_.st_size); }

  void read_at(std::uint64_t at, std::span<std::byte> into) const override {
    while (!into.empty()) {
      const ssize_t got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(at));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail("cannot be read at byte " + std::to_string(at));
      if (got == 0) {
        throw Error(ErrorKind::input_io, "ends before byte " + std::to_string(at + into.size()),
                    "the " + std::to_string(size()) + " bytes it had when it was opened",
                    "was it replaced or cut while it was being read?")
            .at(name_);
      }
      at += static_cast<std::uint64_t>(got);
      into = into.subspan(static_cast<std::size_t>(got));
    }
  }

  void check_unchanged() const override {
    struct stat now{};
    if (::fstat(fd_, &now) != 0) fail("cannot be examined");
    const bool same = now.st_size == opened_.st_size && now.st_mtim.tv_sec == opened_.st_mtim.tv_sec &&
                      now.st_mtim.tv_nsec == opened_.st_mtim.tv_nsec;
    if (!same) {
      throw Error(ErrorKind::input_io, "changed while it was being read", "a file that nobody writes to",
                  "run again when the other program has finished")
          .at(name_);
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::input_io, what + ": " + std::strerror(errno), "a readable file", hint_of(errno))
        .at(name_);
  }

  Error odd_file() const {
    const bool folder = S_ISDIR(opened_.st_mode);
    const bool saved_model = folder && (::faccessat(fd_, "saved_model.pb", F_OK, 0) == 0 ||
                                        ::faccessat(fd_, "saved_model.pbtxt", F_OK, 0) == 0);
    Error error(ErrorKind::input_io,
                saved_model ? "is a folder, a SavedModel"
                : folder    ? "is a folder"
                            : "is not a regular file",
                "a frozen model in one file",
                saved_model ? "its weights are in variables/ inside it, ready for tf.saved_model.load"
                : folder    ? "name the file inside it"
                            : "copy its content into a file first");
    error.at(name_);
    return error;
  }

  std::string name_;
  std::filesystem::path path_;
  int fd_ = -1;
  struct stat opened_{};
};

}  // namespace

SourcePtr open_file(const std::filesystem::path& path) { return std::make_shared<PosixSource>(path); }

}  // namespace thaw
