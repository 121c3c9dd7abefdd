#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "python/bindings.h"
#include "thaw/error.h"

namespace nb = nanobind;

namespace thaw::python {

namespace {

const char* name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::input_io:
      return "input_io";
    case ErrorKind::malformed:
      return "malformed";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::no_weights:
      return "no_weights";
    case ErrorKind::missing_values:
      return "missing_values";
    case ErrorKind::output_exists:
      return "output_exists";
    case ErrorKind::output_io:
      return "output_io";
    case ErrorKind::interrupted:
      return "interrupted";
    case ErrorKind::bug:
      return "bug";
  }
  return "bug";
}

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
