// What goes wrong, as people and programs are told.
#pragma once

#include <functional>

#include "cli/arguments.h"

namespace thaw::cli {

// The exit code of `work`, or that of the error that it threw, which is shown.
int guarded(const ReportWishes& wishes, const std::function<int()>& work);
// Shows an error, and returns its exit code.
int fail(const Error& error, const ReportWishes& wishes);

}  // namespace thaw::cli
