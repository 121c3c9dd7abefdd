// What goes wrong, as people and programs are told.
#pragma once

#include <functional>

#include "cli/arguments.h"

namespace thaw::cli {

// The exit code of `work`, or that of the error that it threw, which is shown.
int guarded(const ReportWishes& wishes, const std::function<int()>& work);
// Tells, without taking any memory, that there was none; returns the exit code.
int fail_for_memory(bool json);
// For std::set_terminate: what reads the command line has functions that may not throw and take memory.
[[noreturn]] void end_for_memory() noexcept;
// Shows an error, and returns its exit code.
int fail(const Error& error, const ReportWishes& wishes);

}  // namespace thaw::cli
