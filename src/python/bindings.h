// What each file puts into the module `tfthaw._core`.
#pragma once

#include <nanobind/nanobind.h>

namespace thaw::python {

void bind_errors(nanobind::module_& module);
void bind_sources(nanobind::module_& module);
void bind_values(nanobind::module_& module);
void bind_model(nanobind::module_& module);
void bind_checkpoints(nanobind::module_& module);
void bind_verbs(nanobind::module_& module);

}  // namespace thaw::python
