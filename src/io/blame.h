// Whose trouble it is when a file fails: one door, Destination, leads to what is read and to what is written.
#pragma once

#include "thaw/error.h"

namespace thaw::internal {

// `error` as one about input (input_io) or about output (output_io); any other stays as it is.
Error blamed(const Error& error, ErrorKind kind);

// Runs `work`; failures of files in it are told as `kind`.
template <typename Work>
auto blaming(ErrorKind kind, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    throw blamed(error, kind);
  }
}

}  // namespace thaw::internal
