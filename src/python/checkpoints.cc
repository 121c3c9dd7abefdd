#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <mutex>
#include <tuple>

#include "python/bindings.h"
#include "python/py_source.h"
#include "python/watch.h"
#include "thaw/checkpoint_file.h"
#include "thaw/error.h"

namespace nb = nanobind;

namespace thaw::python {

namespace {

std::string text_of(const nb::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }

// A reader that several threads may ask.
class SharedReader {
 public:
  explicit SharedReader(const std::filesystem::path& path) : reader_(path) {}

  const CheckpointReader& reader() const { return reader_; }
  Value value(const nb::bytes& given) {
    const std::string key = text_of(given);
    const nb::gil_scoped_release unlocked;
    const std::lock_guard<std::mutex> lock(mutex_);
    return reader_.value(key);
  }

 private:
  CheckpointReader reader_;
  std::mutex mutex_;
};

std::unique_ptr<SharedReader> open_reader(const std::filesystem::path& path) {
  const nb::gil_scoped_release unlocked;
  return std::make_unique<SharedReader>(path);
}

nb::list tensors_of(const SharedReader& shared) {
  nb::list list;
  for (const CheckpointTensor& tensor : shared.reader().tensors()) {
    list.append(nb::make_tuple(nb::bytes(tensor.key.data(), tensor.key.size()),
                               std::string(name_of(tensor.dtype)), nb::tuple(nb::cast(tensor.shape.dims()))));
  }
  return list;
}

// (key, dtype, dimensions, buffer or list of bytes)
using ToWrite = std::tuple<nb::bytes, std::string, std::vector<std::int64_t>, nb::object>;

Value string_value_of(const Shape& shape, const nb::object& list) {
  std::vector<std::string> elements;
  for (const nb::handle element : list) elements.push_back(text_of(nb::cast<nb::bytes>(element)));
  return Value::from_strings(shape, std::move(elements));
}

Value value_of(const ToWrite& tensor) {
  const auto& [key, type, dims, data] = tensor;
  const std::optional<DType> dtype = dtype_of_name(type);
  if (!dtype) throw nb::type_error(("no dtype of TensorFlow: " + type).c_str());
  if (*dtype == DType::string) return string_value_of(Shape(dims), data);
  auto source = std::make_shared<BufferSource>(data, text_of(key));
  const Range range{0, source->size()};
  Value value = Value::from_range(*dtype, Shape(dims), std::move(source), range);
  if (value.byte_size() != range.size)
    throw Error(ErrorKind::bug, "an array of another size than its tensor");
  return value;
}

std::vector<std::string> write(const std::filesystem::path& prefix, const std::vector<ToWrite>& tensors,
                               bool force, bool keep_state, bool sync, bool verify, nb::object progress) {
  CheckpointContents contents;
  for (const ToWrite& tensor : tensors) {
    contents.entries.push_back({text_of(std::get<0>(tensor)), contents.blobs.size(), std::nullopt});
    contents.blobs.push_back(value_of(tensor));
  }
  CheckpointWriteOptions options{
      .force = force, .keep_state = keep_state, .sync = sync, .verify = verify, .stop = {}, .progress = {}};
  watch(options, std::move(progress));
  std::vector<std::string> paths;
  const nb::gil_scoped_release unlocked;
  for (const ReportedFile& file : write_checkpoint(contents, prefix, options)) paths.push_back(file.path);
  return paths;
}

std::optional<std::tuple<std::string, std::vector<std::string>>> state_of(const std::filesystem::path& folder,
                                                                          const std::string& file_name) {
  const std::optional<FolderState> state = read_folder_state(folder, file_name);
  if (!state) return std::nullopt;
  return std::tuple(state->latest, state->all);
}

}  // namespace

void bind_checkpoints(nb::module_& module) {
  nb::class_<SharedReader>(module, "Reader", "A checkpoint of either format.")
      .def_static("open", &open_reader, nb::arg("path"))
      .def_prop_ro("prefix", [](const SharedReader& shared) { return shared.reader().prefix().string(); })
      .def("tensors", &tensors_of, "(key, dtype, dimensions) of each tensor, sorted by key.")
      .def("value", &SharedReader::value, nb::arg("key"));
  module.def("write_checkpoint", &write, nb::arg("prefix"), nb::arg("tensors"), nb::arg("force"),
             nb::arg("keep_state"), nb::arg("sync"), nb::arg("verify"), nb::arg("progress").none());
  module.def("folder_state", &state_of, nb::arg("folder"), nb::arg("file_name"));
  module.def(
      "checkpoint_exists", [](const std::filesystem::path& prefix) { return checkpoint_exists(prefix); },
      nb::arg("prefix"));
}

}  // namespace thaw::python
