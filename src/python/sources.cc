#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>

#include "python/bindings.h"
#include "python/input.h"
#include "python/py_source.h"
#include "thaw/thaw.h"

namespace nb = nanobind;

namespace thaw::python {

SourcePtr Input::source() const { return source_ ? source_ : open_file(model_file(path_)); }

std::shared_ptr<Destination> Input::files() const {
  return source_ ? destination_with(path_, source_) : posix_destination();
}

void bind_sources(nb::module_& module) {
  nb::class_<Input>(module, "Input", "A file to read, wherever its bytes are.")
      .def_static(
          "of_path", [](std::filesystem::path path) { return Input(std::move(path), nullptr); },
          nb::arg("path"))
      .def_static(
          "of_buffer",
          [](nb::object buffer, std::string name) {
            return Input(name, std::make_shared<BufferSource>(std::move(buffer), name));
          },
          nb::arg("buffer"), nb::arg("name"))
      .def_static(
          "of_object",
          [](nb::object object, std::string name) {
            return Input(name, object_source(std::move(object), name));
          },
          nb::arg("object"), nb::arg("name"));
}

}  // namespace thaw::python
