// Calls of the operating system that a signal has interrupted are made again.
#pragma once

#include <cerrno>

namespace thaw::internal {

template <typename Call>
auto retried(Call call) {
  auto result = call();
  while (result == -1 && errno == EINTR) result = call();
  return result;
}

}  // namespace thaw::internal
