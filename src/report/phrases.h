// How reports write numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "thaw/transplant.h"

namespace thaw {

std::string human_bytes(std::uint64_t bytes);
std::string with_commas(std::uint64_t number);
std::string plural(std::uint64_t count, std::string_view one, std::string_view many);
// "by name": how a weight found its entry.
std::string_view phrase_of(MatchStage stage);

}  // namespace thaw
