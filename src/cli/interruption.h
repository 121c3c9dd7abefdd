// SIGINT and SIGTERM: noted, and asked about by whoever works. The second one ends the program at once.
#pragma once

namespace thaw::cli {

void install_signals();
// The signal's number; 0 when none came.
int interrupted_by();

}  // namespace thaw::cli
