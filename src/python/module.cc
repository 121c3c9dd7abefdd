// tfthaw._core: the library as Python sees it. What people use is in python/tfthaw, which is made of this.
#include <nanobind/stl/string.h>

#include "python/bindings.h"
#include "thaw/thaw.h"

NB_MODULE(_core, module) {
  module.attr("__version__") = thaw::version();
  thaw::python::bind_errors(module);
  thaw::python::bind_sources(module);
  thaw::python::bind_values(module);
  thaw::python::bind_model(module);
  thaw::python::bind_checkpoints(module);
  thaw::python::bind_verbs(module);
}
