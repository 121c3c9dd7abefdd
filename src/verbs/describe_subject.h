// The head of a report about something opened: what and where it is, its files, why parts of it are not used.
#pragma once

#include "subject/open_subject.h"
#include "thaw/inspected.h"

namespace thaw::internal {

InspectReport describe_subject(const Destination& files, const Subject& subject);

}  // namespace thaw::internal
