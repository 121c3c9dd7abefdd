#include "io/posix_run.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <optional>

namespace thaw::internal {

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Field 22 of /proc/PID/stat (proc(5)); the command before it stands in parentheses and may hold anything.
std::optional<std::uint64_t> start_time(std::uint64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::array<char, 4096> buffer{};
  file.read(buffer.data(), buffer.size());
  const std::string_view all(buffer.data(), static_cast<std::size_t>(file.gcount()));
  std::size_t at = all.rfind(')');
  for (int field = 2; field < 22 && at != std::string_view::npos; ++field) at = all.find(' ', at + 1);
  if (at == std::string_view::npos) return std::nullopt;
  return number(all.substr(at + 1, all.find(' ', at + 1) - at - 1));
}

}  // namespace

std::string posix_run_mark() {
  const auto pid = static_cast<std::uint64_t>(::getpid());
  return std::to_string(pid) + "-" + std::to_string(start_time(pid).value_or(0));
}

bool posix_run_alive(std::string_view mark) {
  const std::size_t dash = mark.find('-');
  if (dash == std::string_view::npos) return false;
  const auto pid = number(mark.substr(0, dash));
  const auto start = number(mark.substr(dash + 1));
  if (!pid || !start || *pid == 0 || *pid > INT32_MAX) return false;
  if (::kill(static_cast<pid_t>(*pid), 0) != 0 && errno == ESRCH) return false;
  const auto now = start_time(*pid);
  return !now || *start == 0 || *now == *start;
}

}  // namespace thaw::internal
