// launch: runs one command and says what it took. A child inherits its parent's peak memory across exec, so
// the parent must be small: this program, linked statically, is.
//
//   launch RESULT COMMAND ARGUMENT...    writes "wall_ns user_ns system_ns peak_kib exit_code" to RESULT
//   launch --touch BYTES                 touches so much memory and gives it back
//
// The second is for virtual machines: memory that the guest has freed goes back to the host, and is then ten
// times slower at its next first touch. Whoever runs first after an idle period would pay for everybody.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

long long now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

long long nanoseconds(const timeval& time) { return time.tv_sec * 1000000000LL + time.tv_usec * 1000LL; }

int touch(const char* text) {
  const std::size_t size = std::strtoull(text, nullptr, 10);
  if (size == 0) return 0;
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 1;
  for (std::size_t at = 0; at < size; at += 4096) static_cast<volatile char*>(memory)[at] = 1;
  return munmap(memory, size);
}

int run(const char* result, char** command) {
  const long long start = now();
  const pid_t child = vfork();
  if (child < 0) return 126;
  if (child == 0) {
    execvp(command[0], command);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) return 126;
  const long long wall = now() - start;
  std::FILE* file = std::fopen(result, "w");
  if (file == nullptr) return 126;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::fprintf(file, "%lld %lld %lld %ld %d\n", wall, nanoseconds(usage.ru_utime),
               nanoseconds(usage.ru_stime), usage.ru_maxrss, code);
  return std::fclose(file) == 0 ? 0 : 126;
}

}  // namespace

int main(int count, char** words) {
  if (count == 3 && std::strcmp(words[1], "--touch") == 0) return touch(words[2]);
  if (count < 3) return 2;
  return run(words[1], words + 2);
}
