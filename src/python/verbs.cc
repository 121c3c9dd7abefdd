#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include "python/bindings.h"
#include "python/input.h"
#include "python/verb_options.h"

namespace nb = nanobind;

namespace thaw::python {

namespace {

// (JSON, what the program prints)
template <typename Report>
nb::object told(const Report& report) {
  std::string json, text;
  {
    const nb::gil_scoped_release unlocked;
    json = to_json(report);
    text = to_text(report);
  }
  return nb::make_tuple(json, text);
}

// Runs a verb without the interpreter's lock.
template <typename Verb>
nb::object run(const Verb& verb) {
  const auto report = [&] {
    const nb::gil_scoped_release unlocked;
    return verb();
  }();
  return told(report);
}

nb::object thaw_of(const Input& model, const std::string& output, const nb::dict& given) {
  const ThawOptions options = thaw_options(given);
  return run([&] {
    return thaw_model(model.source(), output_prefix(model.path(), output, options.saved_model), options);
  });
}

nb::object transplant_of(const Input& model, const std::filesystem::path& target, const std::string& output,
                         const nb::dict& given) {
  const TransplantOptions options = transplant_options(given);
  return run([&] {
    return transplant_model(model.source(), target, transplant_output(model.path(), target, output), options);
  });
}

nb::object verify_of(const std::optional<Input>& model, const std::filesystem::path& checkpoint,
                     const nb::dict& given) {
  const VerifyOptions options = verify_options(given);
  return run([&] {
    return model ? verify_model(model->source(), checkpoint, options)
                 : verify_checkpoint(checkpoint, options);
  });
}

std::shared_ptr<Destination> files_of(const Input& a, const Input& b) {
  return b.is_path() ? a.files() : destination_with(b.path(), b.source(), a.files());
}

nb::object diff_of(const Input& a, const Input& b, const nb::dict& given) {
  const DiffOptions options = diff_options(given);
  return run([&] { return diff_models(a.path(), b.path(), options, files_of(a, b)); });
}

nb::object freeze_of(const std::filesystem::path& input, const std::string& output, const nb::dict& given) {
  const FreezeOptions options = freeze_options(given);
  return run([&] { return freeze_model(input, frozen_output(input, output), options); });
}

nb::object inspect_of(const Input& input, const nb::dict& given) {
  const InspectOptions options = inspect_options(given);
  return run([&] { return inspect(input.path(), options, input.files()); });
}

}  // namespace

void bind_verbs(nb::module_& module) {
  module.def("thaw", &thaw_of, nb::arg("model"), nb::arg("output"), nb::arg("options"));
  module.def("transplant", &transplant_of, nb::arg("model"), nb::arg("target"), nb::arg("output"),
             nb::arg("options"));
  module.def("verify", &verify_of, nb::arg("model").none(), nb::arg("checkpoint"), nb::arg("options"));
  module.def("diff", &diff_of, nb::arg("a"), nb::arg("b"), nb::arg("options"));
  module.def("freeze", &freeze_of, nb::arg("input"), nb::arg("output"), nb::arg("options"));
  module.def("inspect", &inspect_of, nb::arg("input"), nb::arg("options"));
}

}  // namespace thaw::python
