// Python's say while the library works: progress that is told, interruption that is asked for.
#pragma once

#include <nanobind/nanobind.h>

#include <chrono>
#include <cstdint>

namespace thaw::python {

// Sets `stop` and `progress` of the options of any verb. `progress`: None, or called with bytes done and in
// all. What a signal handler or `progress` raises ends the verb, passes through and is seen by the caller.
template <typename Options>
void watch(Options& options, nanobind::object progress) {
  namespace nb = nanobind;
  options.stop = [last = std::chrono::steady_clock::time_point()]() mutable {
    const auto now = std::chrono::steady_clock::now();
    if (now - last < std::chrono::milliseconds(20)) return false;
    last = now;
    const nb::gil_scoped_acquire lock;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    return false;
  };
  if (progress.is_none()) return;
  const auto shared = std::shared_ptr<nb::object>(new nb::object(std::move(progress)), [](nb::object* held) {
    const nb::gil_scoped_acquire lock;
    delete held;
  });
  options.progress = [shared](std::uint64_t done, std::uint64_t total) {
    const nb::gil_scoped_acquire lock;
    (*shared)(done, total);
  };
}

}  // namespace thaw::python
