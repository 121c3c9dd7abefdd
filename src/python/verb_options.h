// Options of the verbs from keyword arguments.
#pragma once

#include <nanobind/nanobind.h>

#include "thaw/diff.h"
#include "thaw/freeze.h"
#include "thaw/inspect.h"
#include "thaw/thaw.h"
#include "thaw/verify.h"

namespace thaw::python {

// Each takes `given`, in which every option of the verb has a place of its own name. Throws KeyError for one
// that is missing, usage for words that an option does not know.
ThawOptions thaw_options(const nanobind::dict& given);
TransplantOptions transplant_options(const nanobind::dict& given);
VerifyOptions verify_options(const nanobind::dict& given);
DiffOptions diff_options(const nanobind::dict& given);
FreezeOptions freeze_options(const nanobind::dict& given);
InspectOptions inspect_options(const nanobind::dict& given);

}  // namespace thaw::python
