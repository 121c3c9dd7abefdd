// What a report says of layers that behave otherwise in training: dropout and batch norms.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "thaw/report.h"

namespace thaw {

// Labels and what stands beside them; a row without a label goes on with the one before.
std::vector<std::pair<std::string_view, std::string>> training_rows(const ThawReport& report, bool verbose);

}  // namespace thaw
