#include "io/blame.h"

namespace thaw::internal {

Error blamed(const Error& error, ErrorKind kind) {
  const bool of_files = error.kind() == ErrorKind::input_io || error.kind() == ErrorKind::output_io;
  if (!of_files || error.kind() == kind) return error;
  // Advice for those who write is none for those who read.
  Error told = kind == ErrorKind::input_io
                   ? Error(kind, error.problem(), "a file and a folder that can be read",
                           "check the path, the permissions of the folders in it, and the disk (dmesg)")
                   : Error(kind, error.problem(), error.expected(), error.hint());
  for (auto place = error.places().rbegin(); place != error.places().rend(); ++place) told.at(*place);
  return told;
}

}  // namespace thaw::internal
