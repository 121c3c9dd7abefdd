// What the report for people says of a SavedModel.
#pragma once

#include <string>
#include <vector>

#include "thaw/saved_model_report.h"

namespace thaw {

std::vector<std::string> saved_model_lines(const ReportedSavedModel& made);

// "2 loops, 1 cond".
std::string loops_and_conds(std::size_t loops, std::size_t conds);

}  // namespace thaw
