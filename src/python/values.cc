#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

#include "python/bindings.h"
#include "python/py_source.h"
#include "thaw/error.h"
#include "thaw/tensor.h"

namespace nb = nanobind;

namespace thaw::python {

namespace {

constexpr std::size_t kReadAtOnce = 16u << 20;

// The buffer in which the bytes lie as they are, and where: None for all other values.
nb::object view_of(const Value& value) {
  const std::optional<BytesPlace> place = value.place();
  if (!place) return nb::none();
  const auto* buffer = dynamic_cast<const BufferSource*>(place->source.get());
  const Range range = place->range;
  if (buffer == nullptr || range.at > buffer->size() || value.byte_size() > buffer->size() - range.at)
    return nb::none();
  return nb::make_tuple(buffer->object(), range.at);
}

void read_into(const Value& value, const nb::object& array) {
  Py_buffer view;
  if (PyObject_GetBuffer(array.ptr(), &view, PyBUF_WRITABLE) != 0) throw nb::python_error();
  struct Releaser {
    Py_buffer& view;
    ~Releaser() { PyBuffer_Release(&view); }
  } const releaser{view};
  if (static_cast<std::uint64_t>(view.len) != value.byte_size())
    throw Error(ErrorKind::bug, "an array of another size than its tensor");
  const std::span<std::byte> into(static_cast<std::byte*>(view.buf), static_cast<std::size_t>(view.len));
  const nb::gil_scoped_release unlocked;
  const std::unique_ptr<ByteStream> stream = value.open();
  for (std::size_t at = 0; at < into.size(); at += kReadAtOnce) {
    stream->read(into.subspan(at, std::min(kReadAtOnce, into.size() - at)));
    const nb::gil_scoped_acquire lock;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
  }
}

nb::list strings_of(const Value& value) {
  std::vector<std::string> strings;
  {
    const nb::gil_scoped_release unlocked;
    value.for_each_string([&](Bytes element) { strings.emplace_back(element); });
  }
  nb::list list;
  for (const std::string& element : strings) list.append(nb::bytes(element.data(), element.size()));
  return list;
}

}  // namespace

void bind_values(nb::module_& module) {
  nb::class_<Value>(module, "Value", "A tensor, wherever it lies.")
      .def_prop_ro("dtype", [](const Value& value) { return std::string(name_of(value.dtype())); })
      .def_prop_ro("shape", [](const Value& value) { return nb::tuple(nb::cast(value.shape().dims())); })
      .def_prop_ro("nbytes", &Value::byte_size)
      .def("view", &view_of, "The buffer that holds its bytes and the offset there, or None.")
      .def("read_into", &read_into, nb::arg("array"), "Fills a writable buffer of `nbytes` bytes.")
      .def("strings", &strings_of, "The elements of a string tensor, row by row.");
}

}  // namespace thaw::python
