// Calls of the operating system that a signal has interrupted are made again.
#pragma once

#include <cerrno>
#include <type_traits>

namespace thaw::internal {

// `call` says by -1 or a null pointer that it failed.
template <typename Call>
auto retried(Call call) {
  const auto failed = [](auto result) {
    if constexpr (std::is_pointer_v<decltype(result)>) {
      return result == nullptr;
    } else {
      return result == -1;
    }
  };
  auto result = call();
  while (failed(result) && errno == EINTR) result = call();
  return result;
}

}  // namespace thaw::internal
