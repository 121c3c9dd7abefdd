#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "python/bindings.h"
#include "thaw/error.h"

namespace nb = nanobind;

namespace thaw::python {

namespace {

// tfthaw._errors says which exception each kind is.
void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    try {
      const nb::object made = nb::module_::import_("tfthaw._errors")
                                  .attr("make_error")(name_of(error.kind()), error.problem(),
                                                      error.expected(), error.hint(), error.places());
      PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(made.ptr())), made.ptr());
    } catch (nb::python_error& other) {
      other.restore();
    }
  }
}

}  // namespace

void bind_errors(nb::module_&) { nb::register_exception_translator(translate); }

}  // namespace thaw::python
