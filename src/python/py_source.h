// Bytes from Python: a buffer, or an object that reads ranges.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <string>

#include "thaw/source.h"

namespace thaw::python {

// The bytes of an object with the buffer protocol, which is kept and not copied. Throws as Python does for
// objects that have none, and for those whose bytes do not lie in one piece.
class BufferSource final : public Source {
 public:
  BufferSource(nanobind::object object, std::string name);
  ~BufferSource() override;
  BufferSource(const BufferSource&) = delete;
  BufferSource& operator=(const BufferSource&) = delete;

  std::string name() const override { return name_; }
  std::uint64_t size() const override { return static_cast<std::uint64_t>(view_.len); }
  void read_at(std::uint64_t at, std::span<std::byte> into) const override;
  // For whoever holds the interpreter's lock.
  const nanobind::object& object() const { return object_; }

 private:
  nanobind::object object_;
  Py_buffer view_{};
  std::string name_;
};

// `object.read_at(offset, size)` gives bytes, `object.size` says how many there are in all. Called with the
// interpreter's lock, which `read_at` may let go of, so by several threads; what it raises passes through.
SourcePtr object_source(nanobind::object object, std::string name);

}  // namespace thaw::python
