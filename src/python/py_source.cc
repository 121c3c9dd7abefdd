#include "python/py_source.h"

#include <cstring>
#include <utility>

#include "thaw/error.h"

namespace nb = nanobind;

namespace thaw::python {

namespace {

[[noreturn]] void fail_end(const std::string& name) {
  throw Error(ErrorKind::input_io, thaw::quoted(name) + " ends before its size says", "all of its bytes",
              "it was cut off, or its size is wrong");
}

// Lets go of Python objects wherever the last owner is; after the interpreter is gone they are left alone.
void release_with_lock(nb::object& object) {
  if (!Py_IsInitialized()) {
    (void)object.release();
    return;
  }
  const nb::gil_scoped_acquire lock;
  object.reset();
}

class ObjectSource final : public Source {
 public:
  ObjectSource(nb::object object, std::string name)
      : object_(std::move(object)),
        read_at_(object_.attr("read_at")),
        name_(std::move(name)),
        size_(nb::cast<std::uint64_t>(object_.attr("size"))) {}
  ~ObjectSource() override {
    release_with_lock(read_at_);
    release_with_lock(object_);
  }
  ObjectSource(const ObjectSource&) = delete;
  ObjectSource& operator=(const ObjectSource&) = delete;

  std::string name() const override { return name_; }
  std::uint64_t size() const override { return size_; }

  void read_at(std::uint64_t at, std::span<std::byte> into) const override {
    if (at > size_ || into.size() > size_ - at) fail_end(name_);
    const nb::gil_scoped_acquire lock;
    while (!into.empty()) {
      const nb::object bytes = read_at_(at, into.size());
      Py_buffer view;
      if (PyObject_GetBuffer(bytes.ptr(), &view, PyBUF_SIMPLE) != 0) throw nb::python_error();
      const auto read = static_cast<std::size_t>(view.len);
      if (read <= into.size()) std::memcpy(into.data(), view.buf, read);
      PyBuffer_Release(&view);
      if (read == 0 || read > into.size()) fail_end(name_);
      at += read;
      into = into.subspan(read);
    }
  }

 private:
  nb::object object_, read_at_;
  std::string name_;
  std::uint64_t size_;
};

}  // namespace

BufferSource::BufferSource(nb::object object, std::string name)
    : object_(std::move(object)), name_(std::move(name)) {
  if (PyObject_GetBuffer(object_.ptr(), &view_, PyBUF_SIMPLE) != 0) throw nb::python_error();
}

BufferSource::~BufferSource() {
  if (!Py_IsInitialized()) {
    (void)object_.release();
    return;
  }
  const nb::gil_scoped_acquire lock;
  PyBuffer_Release(&view_);
  object_.reset();
}

void BufferSource::read_at(std::uint64_t at, std::span<std::byte> into) const {
  if (at > size() || into.size() > size() - at) fail_end(name_);
  if (!into.empty()) std::memcpy(into.data(), static_cast<const char*>(view_.buf) + at, into.size());
}

SourcePtr object_source(nb::object object, std::string name) {
  return std::make_shared<ObjectSource>(std::move(object), std::move(name));
}

}  // namespace thaw::python
