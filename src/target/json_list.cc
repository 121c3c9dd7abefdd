#include "target/json_list.h"

#include <nlohmann/json.hpp>

#include "thaw/error.h"

namespace thaw::internal {

namespace {

using Json = nlohmann::json;

[[noreturn]] void fail(const std::string& problem) {
  throw Error(ErrorKind::malformed, problem,
              "a report of thaw --json, or an object with \"variables\": [{\"name\", \"dtype\", \"shape\"}]",
              "thaw MODEL -n --json writes one");
}

Shape shape_of(const Json& json) {
  if (json.is_null()) return Shape::of_unknown_rank();
  std::vector<std::int64_t> dims;
  for (const Json& dim : json) {
    if (!dim.is_null() && !(dim.is_number_integer() && dim.get<std::int64_t>() >= 0))
      fail("a shape holds " + dim.dump());
    dims.push_back(dim.is_null() ? -1 : dim.get<std::int64_t>());
  }
  return Shape(std::move(dims));
}

Slot slot_of(const Json& item) {
  const auto text = [&](const char* field) {
    const auto found = item.find(field);
    return found != item.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  Slot slot;
  slot.name = text("key").empty() ? text("name") : text("key");
  slot.keys = {slot.name};
  const std::optional<DType> dtype = dtype_of_name(text("dtype"));
  const auto shape = item.find("shape");
  const bool has_shape = shape != item.end() && (shape->is_array() || shape->is_null());
  if (slot.name.empty() || !dtype || !has_shape)
    fail("one of its variables lacks a name, a dtype or a shape");
  slot.dtype = *dtype;
  slot.shape = shape_of(*shape);
  return slot;
}

}  // namespace

std::vector<Slot> json_slots(Bytes text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) fail("is no JSON object");
  for (const char* field : {"variables", "entries"}) {
    const auto list = json.find(field);
    if (list == json.end() || !list->is_array()) continue;
    std::vector<Slot> slots;
    for (const Json& item : *list) {
      if (!item.is_object()) fail("one of its variables is no object");
      slots.push_back(slot_of(item));
    }
    return slots;
  }
  fail("lists no variables");
}

}  // namespace thaw::internal
