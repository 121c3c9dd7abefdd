// Changed sorted tables (checkpoint/table_writer.h), the index of a checkpoint or all of one of the first
// format: with other entries, or with other bytes under checksums that are right.
#pragma once

#include "hostile/mutation.h"

namespace thaw::internal {

// `donor` lends entries. Most come through the checksums; some are changed anywhere.
std::string mutate_table(const std::string& table, const std::string& donor, Chance& chance);

// Every block that footer and index block lead to gets the checksum of its bytes.
void repair_checksums(std::string& table);

}  // namespace thaw::internal
