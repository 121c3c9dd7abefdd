// The operations that fill lookup tables before a graph runs (core/ops/lookup_ops.cc).
#pragma once

#include <string_view>

namespace thaw::internal {

inline bool readies_table(std::string_view op) {
  return op.starts_with("InitializeTable") || op.starts_with("LookupTableImport");
}

}  // namespace thaw::internal
