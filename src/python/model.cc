#include "thaw/model.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "python/bindings.h"
#include "python/input.h"
#include "thaw/inspect.h"

namespace nb = nanobind;

namespace thaw::python {

namespace {

// What is no UTF-8 comes as Python's own file names do (PEP 383), so that a name is always text.
nb::object text_of(std::string_view text) {
  PyObject* decoded =
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape");
  if (decoded == nullptr) throw nb::python_error();
  return nb::steal(decoded);
}

nb::object dims_of(const Shape& shape) {
  if (shape.unknown_rank()) return nb::none();
  nb::list dims;
  for (const std::int64_t dim : shape.dims()) dims.append(dim < 0 ? nb::none() : nb::cast(dim));
  return nb::tuple(dims);
}

// (kind, what): numbers, bytes and lists as they are, the others by their kind.
nb::object python_of(const Attribute& attribute) {
  struct Maker {
    nb::object operator()(std::monostate) const { return nb::make_tuple("none", nb::none()); }
    nb::object operator()(const std::string& text) const {
      return nb::make_tuple("bytes", nb::bytes(text.data(), text.size()));
    }
    nb::object operator()(std::int64_t number) const { return nb::make_tuple("int", number); }
    nb::object operator()(float number) const { return nb::make_tuple("float", number); }
    nb::object operator()(bool truth) const { return nb::make_tuple("bool", truth); }
    nb::object operator()(DType dtype) const { return nb::make_tuple("type", std::string(name_of(dtype))); }
    nb::object operator()(const Shape& shape) const { return nb::make_tuple("shape", dims_of(shape)); }
    nb::object operator()(const Value& value) const { return nb::make_tuple("tensor", nb::cast(value)); }
    nb::object operator()(const Attribute::Function& function) const {
      return nb::make_tuple("function", text_of(function.name));
    }
    nb::object operator()(const Attribute::Placeholder& placeholder) const {
      return nb::make_tuple("placeholder", text_of(placeholder.name));
    }
    nb::object operator()(const Attribute::List& items) const {
      nb::list list;
      for (const Attribute& item : items) list.append(python_of(item));
      return nb::make_tuple("list", list);
    }
  };
  return std::visit(Maker{}, attribute.value);
}

nb::object node_of(const LoadedModel& model, std::size_t id) {
  if (id >= model.node_count()) throw nb::index_error();
  const ModelNode node = model.node(id);
  nb::list inputs;
  for (const std::string& input : node.inputs) inputs.append(text_of(input));
  nb::dict attributes;
  for (const auto& [key, attribute] : node.attributes) attributes[text_of(key)] = python_of(attribute);
  return nb::make_tuple(text_of(node.name), text_of(node.op), inputs, text_of(node.device), attributes);
}

LoadedModel open_model(const Input& input, const std::string& tag_set) {
  const nb::gil_scoped_release unlocked;
  return LoadedModel::open(input.path(), {.tag_set = tag_set}, input.files());
}

}  // namespace

void bind_model(nb::module_& module) {
  nb::class_<LoadedModel>(module, "Model", "An opened model.")
      .def_static("open", &open_model, nb::arg("input"), nb::arg("tag_set") = "")
      .def("report", [](const LoadedModel& model) { return to_json(model.report()); })
      .def("text", [](const LoadedModel& model) { return to_text(model.report()); })
      .def(
          "value",
          [](const LoadedModel& model, std::size_t weight) {
            if (weight >= model.graph().weights.size()) throw nb::index_error();
            return model.value(weight);
          },
          nb::arg("weight"))
      .def_prop_ro("node_count", &LoadedModel::node_count)
      .def(
          "node_name",
          [](const LoadedModel& model, std::size_t id) {
            if (id >= model.node_count()) throw nb::index_error();
            return text_of(model.node_name(id));
          },
          nb::arg("node"))
      .def(
          "find_node",
          [](const LoadedModel& model, const nb::bytes& name) {
            return model.find_node({name.c_str(), name.size()});
          },
          nb::arg("name"))
      .def("node", &node_of, nb::arg("node"), "(name, op, inputs, device, attributes)");
}

}  // namespace thaw::python
