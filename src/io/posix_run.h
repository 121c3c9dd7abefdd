// This process and others, as seen from the names of temporary files.
#pragma once

#include <string>
#include <string_view>

namespace thaw::internal {

// "PID-START": the start time, in ticks since boot, tells a run from a later one with the same number, as
// containers reuse theirs. START is 0 where the system does not tell.
std::string posix_run_mark();

// Whether that process still runs. A mark that is none belongs to nobody: false.
bool posix_run_alive(std::string_view mark);

}  // namespace thaw::internal
