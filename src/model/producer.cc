#include "model/producer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

namespace thaw::internal {

namespace {

// Versions that MetaGraphDefs of these producers name (meta_info_def.tensorflow_version), and before them the
// years of the version history in core/public/version.h.
struct ProducerRow {
  std::int64_t least;
  const char* words;
};
constexpr std::array kRows = std::to_array<ProducerRow>({{1, "TensorFlow before 0.12"},
                                                         {19, "TensorFlow 0.12 or so"},
                                                         {21, "TensorFlow 1.0 or 1.1"},
                                                         {22, "TensorFlow 1.1 or so"},
                                                         {24, "TensorFlow 1.2 to 1.4"},
                                                         {26, "TensorFlow 1.5 to 1.10"},
                                                         {27, "TensorFlow 1.11 to 1.13"},
                                                         {28, "TensorFlow 1.13 or so"}});

// "First date based GraphDef version. GraphDef versions advance by 1 each day after this point" (the same
// file). Releases are behind by weeks, sometimes by months.
constexpr std::int64_t kFirstDated = 30;
constexpr std::chrono::sys_days kFirstDay = std::chrono::year(2019) / 5 / 9;
constexpr std::int64_t kLastDated = kFirstDated + 365 * 40;
constexpr std::array kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                "July",    "August",   "September", "October", "November", "December"};

}  // namespace

std::string tensorflow_of_producer(std::int64_t producer) {
  if (producer < kRows.front().least || producer > kLastDated) return "";
  if (producer < kFirstDated)
    return std::prev(std::ranges::upper_bound(kRows, producer, {}, &ProducerRow::least))->words;
  const std::chrono::year_month_day day(kFirstDay + std::chrono::days(producer - kFirstDated));
  return std::string("TensorFlow of about ") + kMonths[static_cast<unsigned>(day.month()) - 1] + " " +
         std::to_string(static_cast<int>(day.year()));
}

}  // namespace thaw::internal
